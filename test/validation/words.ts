/** Texts and values that lie on both sides of the borders which the language draws. */
import type { Json } from '../../dsl/json.ts';

/** Texts of one kind, right and wrong ones, and how a text of that kind looks in the corpus. */
interface Family {
  readonly like: RegExp;
  readonly words: readonly string[];
}

const durations: Family = {
  like: /^P[\dT]/,
  words: [
    'PT1S',
    'P1D',
    'P1DT12H',
    'P1W',
    'PT0.5H',
    'PT0S',
    'P1Y2M',
    'P1M',
    'P200Y',
    'P99999W',
    'P',
    'PT',
    'P1DT',
    'PT1.S',
    'P1H',
    'PT1S1M',
    'pt1s',
    '-PT1S',
    'PT-1S',
    '30s',
    ' PT1S',
    '${ .pause }',
  ],
};

const expressions: Family = {
  like: /^\s*\$\{|^\(?\.|^\$/,
  words: [
    '${ .a }',
    '.a',
    '${.a}',
    '  ${ .a }  ',
    '${ .a } ${ .b }',
    '${ $context.a }',
    '$workflow.id',
    '${ .a',
    '${ .a | }',
    '.a | | .b',
    '${}',
    '${ }',
    '${ .a\n  + .b }',
    'so ${ .a }',
    '${ .a } so',
    '',
    '${ $secrets.key }',
    '${ $nothing }',
    '${ $output }',
    '${ $authorization.parameter }',
    '${ unheardOf }',
  ],
};

const uris: Family = {
  like: /^[a-z]+:|^\/\w|^[\w/]+\.\w+$/,
  words: [
    'https://shop.test/orders/{id}',
    'https://shop.test/{pet.id}',
    'https://[::1]:8080/x?y=z#w',
    '/relative',
    'urn:shop:order',
    'a:b:c',
    '#',
    '?',
    '//',
    'file:///a.json',
    "https://shop.test/it's",
    'https://é.test/ü',
    'https://shop.test/${ .id }',
    'https://shop.test/${.id}',
    '${ .uri }',
    '${ .base }/{id}',
    ' https://shop.test',
    'https://shop.test/a b',
    'https://shop.test/{+path}',
    'https://shop.test/{a,b}',
    'https://shop.test/{a:3}',
    'https://shop.test/{}',
    'https://shop.test/{id',
    'https://shop.test/%zz',
    'https://shop.test/<id>',
    '://',
    '',
    'https://shop.test/{pet-id}',
    'http://shop.test:80a/',
    "http://shop.test:80a/it's",
    'ftp://shop.test/x',
    '\n',
    '/do/0/a',
    '/a/~2',
    '/a/~1',
    'do/0',
    'https://shop.test/\u0085',
    'https://shop.test/x\\y',
    'https://a|b',
  ],
};

const versions: Family = {
  like: /^\d+\.\d+/,
  words: [
    '1.0.0',
    '1.0',
    'v1.0.0',
    '1.0.0-rc.1+build.5',
    '01.0.0',
    '1.0.0-01',
    '1.0.3',
    '1.0.1',
    '1.1.0',
    'latest',
  ],
};

const times: Family = {
  like: /^\d{4}-/,
  words: [
    '2026-01-31T12:00:00Z',
    '2026-01-31t12:00:00.5+01:00',
    '2026-01-31 12:00:00z',
    '2024-02-29T23:59:59-05:30',
    '2026-02-30T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-01-31T25:00:00Z',
    '2026-01-31T12:60:00Z',
    '2026-01-31',
    '2026-01-31T12:00:00',
    '2026-01-31T12:00Z',
    '2026-01-31T12:00:00+25:00',
    '2023-02-29T00:00:00Z',
    'now',
  ],
};

const crons: Family = {
  like: /^[\d*]+ /,
  words: [
    '0 0 * * *',
    '*/5 8-17 1,15 jan-mar sun',
    '@daily',
    '* * * *',
    '61 * * * *',
    '* * * * * *',
    'daily',
    '@often',
  ],
};

const functions: Family = {
  like: /^\w+:\d+\.\d+\.\d+.*@/,
  words: [
    'log:1.0.0@default',
    'log@default',
    'log:one@default',
    'log:1.0.0@nowhere',
    'ftp://f.test/f.yaml',
    'https://f.test/<f>',
  ],
};

const names: Family = {
  like: /^[\w./-]*$/,
  words: [
    '',
    ' ',
    'a',
    'Order-1',
    '-order',
    'order-',
    'shop_1',
    'long'.repeat(16),
    'x'.repeat(63),
    'item',
    'input',
    'data',
    'envelope',
    'raw',
    'json',
    'json:draft-7',
    'avro',
    'xml',
    'jq',
    'strict',
    'loose',
    'content',
    'response',
    'js',
    'python',
    'ruby',
    'stdout',
    'none',
    'code',
    'always',
    'eventually',
    'never',
    'all',
    'composite',
    'do',
    'http',
    'grpc',
    'asyncapi',
    'openapi',
    'kafka',
    'ws',
    'mcp',
    'a2a',
    'tools/list',
    'tasks/get',
    'greet',
    'password',
    'client_credentials',
    'refresh_token',
    'implicit',
    'client_secret_post',
    'private_key_jwt',
    'application/json',
    'text/plain',
    'continue',
    'exit',
    'end',
    'elsewhere',
    'shop.test',
    'shop.test:80',
    '127.0.0.1',
  ],
};

const families = [durations, expressions, uris, versions, times, crons, functions, names];

/** Texts of the same kind. */
export function wordsLike(text: string): readonly string[] {
  return (families.find(({ like }) => like.test(text)) ?? names).words;
}

/** Texts of all kinds. */
export const words: readonly string[] = families.flatMap((family) => family.words);

/** Values of every kind. */
export const values: readonly Json[] = [null, true, false, 0, 1, -1, 1.5, 65_536, 1e21, 'text', [], {}];

/** Numbers of every kind. */
export const numbers: readonly number[] = [0, -1, 1, 2, 0.5, 65_535, 65_536, 1e12, 1e21];
