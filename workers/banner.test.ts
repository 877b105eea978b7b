import { banner } from './banner.ts';

test('tells where the API, its docs, the Web UI and the data are', () => {
  const text = banner({
    apiUrl: 'http://127.0.0.1:8080',
    temporalUiUrl: 'http://127.0.0.1:8233/',
    namespace: 'perdure',
    data: '/home/ada/perdure/.perdure',
    seconds: 3.14,
  });
  expect(text).toContain('is ready in 3.1 s');
  expect(text).toMatch(/API +http:\/\/127\.0\.0\.1:8080\n/);
  expect(text).toMatch(/Docs +http:\/\/127\.0\.0\.1:8080\/docs\n/);
  expect(text).toMatch(/Temporal UI +http:\/\/127\.0\.0\.1:8233\/namespaces\/perdure\/workflows\n/);
  expect(text).toMatch(/Data +\/home\/ada\/perdure\/\.perdure\n/);
});
