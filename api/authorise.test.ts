import { isLoopbackUrl } from './authorise.ts';

it.each([
  'http://localhost:8080',
  'http://127.0.0.1',
  'http://127.8.9.10:1',
  'http://[::1]:80',
  'https://localhost',
])('takes %s as this machine', (url) => {
  expect(isLoopbackUrl(url)).toBe(true);
});

it.each([
  'http://example.com',
  'http://localhost.example.com',
  'http://127.0.0.1.example.com',
  'http://0.0.0.0',
  'http://10.0.0.1',
  'null',
  'file:///tmp/x',
])('does not take %s as this machine', (url) => {
  expect(isLoopbackUrl(url)).toBe(false);
});
