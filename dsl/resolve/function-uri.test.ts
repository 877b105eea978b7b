import { catalogedFunctionUri, catalogedName, rawUri } from './function-uri.ts';

const log = { name: 'log', version: '1.0.0', catalog: 'any' };

test.each([
  [
    'https://github.com/serverlessworkflow/catalog/tree/main',
    'https://raw.githubusercontent.com/serverlessworkflow/catalog/refs/heads/main/functions/log/1.0.0/function.yaml',
  ],
  [
    'https://github.com/shop/catalog',
    'https://raw.githubusercontent.com/shop/catalog/HEAD/functions/log/1.0.0/function.yaml',
  ],
  [
    'https://github.com/shop/catalog/tree/v1.2.0/ours/',
    'https://raw.githubusercontent.com/shop/catalog/v1.2.0/ours/functions/log/1.0.0/function.yaml',
  ],
  [
    'https://gitlab.com/shop/deep/catalog',
    'https://gitlab.com/shop/deep/catalog/-/raw/HEAD/functions/log/1.0.0/function.yaml',
  ],
  [
    'https://git.shop.test/team/catalog/-/tree/main/ours',
    'https://git.shop.test/team/catalog/-/raw/main/ours/functions/log/1.0.0/function.yaml',
  ],
  ['https://catalog.test/root/', 'https://catalog.test/root/functions/log/1.0.0/function.yaml'],
])('the function of the catalog %s', (root, uri) => {
  expect(catalogedFunctionUri(root, log)).toBe(uri);
});

test.each([
  [
    'https://github.com/shop/functions/blob/main/a/function.yaml',
    'https://raw.githubusercontent.com/shop/functions/refs/heads/main/a/function.yaml',
  ],
  [
    'https://github.com/myorg/functions/validateEmailAddress@v1.0.0',
    'https://raw.githubusercontent.com/myorg/functions/v1.0.0/validateEmailAddress/function.yaml',
  ],
  ['https://gitlab.com/a/b/-/blob/main/f.yaml?x=1', 'https://gitlab.com/a/b/-/raw/main/f.yaml?x=1'],
  ['https://github.com/shop/functions/issues/1', 'https://github.com/shop/functions/issues/1'],
  ['https://raw.githubusercontent.com/a/b/main/f.yaml', 'https://raw.githubusercontent.com/a/b/main/f.yaml'],
])('the page %s', (page, raw) => {
  expect(rawUri(page)).toBe(raw);
});

test('only name:version@catalog names a function of a catalog', () => {
  expect(catalogedName('log:1.0.0@any')).toEqual(log);
  for (const other of ['log', 'log@any', 'a/../b:1.0.0@any', 'https://x.test/f@1.0.0']) {
    expect(catalogedName(other)).toBeUndefined();
  }
});
