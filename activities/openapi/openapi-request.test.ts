import type { JsonObject } from '../../dsl/json.ts';
import { parseOpenapiDocument } from './openapi-document.ts';
import { findOperation } from './openapi-operation.ts';
import { openapiRequest } from './openapi-request.ts';
import type { OpenapiRequest } from './openapi-request.ts';

const from = new URL('https://api.shop.example/docs/openapi.json');

/** The request with its body as text. */
type ReadableRequest = Omit<OpenapiRequest, 'body'> & {
  readonly body?: string;
  readonly contentType?: string;
};

function requestOf(document: JsonObject, given: JsonObject = {}, operationId = 'op'): ReadableRequest {
  const parsed = parseOpenapiDocument(JSON.stringify(document), from);
  const { body, ...request } = openapiRequest(findOperation(parsed, operationId), given);
  if (body === undefined) return request;
  return { ...request, body: Buffer.from(body.bytes).toString(), contentType: body.contentType };
}

/** A 3.1 document with one operation at `path`. */
function v3(path: string, operation: JsonObject, rest: JsonObject = {}): JsonObject {
  return { openapi: '3.1.0', paths: { [path]: { post: { operationId: 'op', ...operation } } }, ...rest };
}

function v2(path: string, operation: JsonObject, rest: JsonObject = {}): JsonObject {
  return { swagger: '2.0', paths: { [path]: { post: { operationId: 'op', ...operation } } }, ...rest };
}

const list = ['a', 'b c', 'd,e'];
const object = { R: 100, G: 'x y' };

describe('OpenAPI 3 parameters', () => {
  it.each<[JsonObject, JsonObject[string], string]>([
    [{ in: 'query' }, 'x y&z', '?p=x%20y%26z'],
    [{ in: 'query' }, 0, '?p=0'],
    [{ in: 'query' }, false, '?p=false'],
    [{ in: 'query' }, list, '?p=a&p=b%20c&p=d%2Ce'],
    [{ in: 'query', explode: false }, list, '?p=a,b%20c,d%2Ce'],
    [{ in: 'query', style: 'spaceDelimited', explode: false }, list, '?p=a%20b%20c%20d%2Ce'],
    [{ in: 'query', style: 'pipeDelimited', explode: false }, list, '?p=a%7Cb%20c%7Cd%2Ce'],
    [{ in: 'query' }, object, '?R=100&G=x%20y'],
    [{ in: 'query', explode: false }, object, '?p=R,100,G,x%20y'],
    [
      { in: 'query', style: 'deepObject', explode: true },
      { a: { b: 1 }, c: [2, 3] },
      '?p[a][b]=1&p[c]=2&p[c]=3',
    ],
    [
      { in: 'query', content: { 'application/json': {} } },
      object,
      '?p=%7B%22R%22%3A100%2C%22G%22%3A%22x%20y%22%7D',
    ],
    [{ in: 'query', content: { 'text/plain': {} } }, 'a b', '?p=a%20b'],
    [{ in: 'query', allowReserved: true }, 'a/b?c=d&e#f %', '?p=a/b?c%3Dd%26e%23f%20%25'],
    [{ in: 'query', allowReserved: true, explode: false }, ['x/y', 'z:1'], '?p=x/y,z:1'],
    [{ in: 'query' }, [], ''],
    [{ in: 'path' }, 'x/y', 'x%2Fy'],
    [{ in: 'path' }, list, 'a,b%20c,d%2Ce'],
    [{ in: 'path' }, object, 'R,100,G,x%20y'],
    [{ in: 'path', explode: true }, object, 'R=100,G=x%20y'],
    [{ in: 'path', style: 'label' }, list, '.a,b%20c,d%2Ce'],
    [{ in: 'path', style: 'label', explode: true }, list, '.a.b%20c.d%2Ce'],
    [{ in: 'path', style: 'matrix' }, list, ';p=a,b%20c,d%2Ce'],
    [{ in: 'path', style: 'matrix', explode: true }, list, ';p=a;p=b%20c;p=d%2Ce'],
    [{ in: 'path', style: 'matrix', explode: true }, object, ';R=100;G=x%20y'],
  ])('%j with %j', (parameter, value, expected) => {
    const path = parameter.in === 'path' ? '/items/{p}' : '/items/';
    const { url } = requestOf(v3(path, { parameters: [{ name: 'p', ...parameter }] }), { p: value });
    expect(url).toBe(`https://api.shop.example/items/${expected}`);
  });

  it('go into headers and cookies', () => {
    const parameters = [
      { name: 'X-Ids', in: 'header' },
      { name: 'Accept', in: 'header' },
      { name: 'session', in: 'cookie' },
      { name: 'theme', in: 'cookie' },
    ];
    const { headers } = requestOf(v3('/', { parameters }), {
      'X-Ids': [1, 2],
      session: 'a b',
      theme: 'dark',
    });
    expect(headers).toEqual({ 'X-Ids': '1,2', Cookie: 'session=a%20b; theme=dark' });
  });

  it('are taken from the path, replaced by the operation, and found through references', () => {
    const document: JsonObject = {
      openapi: '3.0.3',
      paths: {
        '/a~b/{id}': {
          parameters: [{ $ref: '#/components/parameters/Id' }, { name: 'q', in: 'query', required: true }],
          get: { operationId: 'op', parameters: [{ name: 'q', in: 'query', style: 'form', explode: false }] },
        },
      },
      components: { parameters: { Id: { name: 'id', in: 'path', required: true } } },
    };
    expect(requestOf(document, { id: 7, q: [1, 2] })).toMatchObject({
      method: 'GET',
      url: 'https://api.shop.example/a~b/7?q=1,2',
    });
  });
});

describe('OpenAPI 2.0 parameters', () => {
  it.each<[string | undefined, string]>([
    [undefined, 'p=a,b%20c'],
    ['csv', 'p=a,b%20c'],
    ['ssv', 'p=a%20b%20c'],
    ['tsv', 'p=a%09b%20c'],
    ['pipes', 'p=a%7Cb%20c'],
    ['multi', 'p=a&p=b%20c'],
  ])('with collection format %s', (collectionFormat, expected) => {
    const parameter = {
      name: 'p',
      in: 'query',
      type: 'array',
      ...(collectionFormat ? { collectionFormat } : {}),
    };
    expect(requestOf(v2('/x', { parameters: [parameter] }), { p: ['a', 'b c'] }).url).toBe(
      `https://api.shop.example/x?${expected}`,
    );
  });

  it('make a form of formData', () => {
    const parameters: readonly JsonObject[] = [
      { name: 'name', in: 'formData', type: 'string', required: true },
      { name: 'tags', in: 'formData', type: 'array', collectionFormat: 'multi' },
    ];
    expect(requestOf(v2('/x', { parameters }), { name: 'Ann & Bo', tags: ['a', 'b'] })).toMatchObject({
      body: 'name=Ann%20%26%20Bo&tags=a&tags=b',
      contentType: 'application/x-www-form-urlencoded',
    });
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['there is a file', { type: 'file' }, {}],
    ['the operation takes nothing else', { type: 'string' }, { consumes: ['multipart/form-data'] }],
  ])('make parts of formData where %s', (_name, type, operation) => {
    const parameters: readonly JsonObject[] = [
      { name: 'f', in: 'formData', ...type },
      { name: 'tags', in: 'formData', type: 'array' },
    ];
    const given = { f: 'text', tags: ['a', 'b'] };
    const { body, contentType } = requestOf(v2('/x', { parameters, ...operation }), given);
    expect(contentType).toMatch(/^multipart\/form-data; boundary=/);
    expect(body).toMatch(/name="f"\r\n[^]*\r\n\r\ntext\r\n[^]*name="tags"[^]*\r\n\r\na,b\r\n/);
  });

  it.each<[JsonObject, unknown]>([
    [{ order: { sku: 'x' } }, { sku: 'x' }],
    [
      { sku: 'x', quantity: 2 },
      { sku: 'x', quantity: 2 },
    ],
  ])('make the body of %j', (given, body) => {
    const parameters = [{ name: 'order', in: 'body', required: true, schema: { type: 'object' } }];
    expect(requestOf(v2('/x', { parameters }), given)).toMatchObject({
      body: JSON.stringify(body),
      contentType: 'application/json',
    });
  });
});

describe('an OpenAPI 3 request body', () => {
  const json = { required: true, content: { 'application/json': {} } };

  it.each<[string, JsonObject, JsonObject, unknown, string]>([
    ['the parameter body', json, { body: [1, 2] }, '[1,2]', 'application/json'],
    ['the remaining parameters', json, { sku: 'x', n: 1 }, '{"sku":"x","n":1}', 'application/json'],
    [
      'the remaining parameters, where one is called body',
      { content: { 'application/json': { schema: { properties: { body: {} } } } } },
      { body: 'text' },
      '{"body":"text"}',
      'application/json',
    ],
    [
      'JSON where there is a choice',
      { content: { 'application/xml': {}, 'application/hal+json': {} } },
      { a: 1 },
      '{"a":1}',
      'application/hal+json',
    ],
    [
      'a form',
      { content: { 'multipart/form-data': {}, 'application/x-www-form-urlencoded': {} } },
      { a: 1, list: ['x', 'y z'], object: { b: 2 }, none: null },
      'a=1&list=x&list=y%20z&object=%7B%22b%22%3A2%7D',
      'application/x-www-form-urlencoded',
    ],
    [
      'a form with encodings',
      {
        content: {
          'application/x-www-form-urlencoded': {
            encoding: {
              list: { style: 'pipeDelimited', explode: false },
              object: { style: 'deepObject', explode: true },
              path: { allowReserved: true },
            },
          },
        },
      },
      { list: ['x', 'y'], object: { b: 2 }, path: '/a?b=c d' },
      'list=x%7Cy&object[b]=2&path=/a?b%3Dc%20d',
      'application/x-www-form-urlencoded',
    ],
    ['bytes', { content: { 'image/png': {} } }, { body: { base64: 'w7w=' } }, 'ü', 'image/png'],
    ['a text', { content: { 'text/plain': {} } }, { body: 'hello' }, 'hello', 'text/plain'],
    ['anything', { content: { '*/*': {} } }, { a: 1 }, '{"a":1}', 'application/json'],
  ])('is %s', (_name, requestBody, given, body, contentType) => {
    expect(requestOf(v3('/x', { requestBody }), given)).toMatchObject({ body, contentType });
  });

  it('is a form of parts, each with the type that its value or its encoding has', () => {
    const encoding = {
      order: { contentType: 'application/xml, text/xml' },
      photo: { contentType: 'image/*' },
    };
    const requestBody = { content: { 'multipart/form-data': { encoding } } };
    const given = {
      note: 'grün "x"',
      tags: ['a', 'b'],
      meta: { n: 1 },
      order: '<order/>',
      photo: { base64: 'w7w=', filename: 'a "b".png', contentType: 'image/png' },
      none: null,
    };
    const { body, contentType } = requestOf(v3('/x', { requestBody }), given);
    const boundary = /^multipart\/form-data; boundary=(perdure-[0-9a-f]{40})$/.exec(contentType ?? '')?.[1];
    const part = (disposition: string, type: string, text: string): string =>
      `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`;
    const plain = 'text/plain; charset=utf-8';
    expect(body).toBe(
      part('name="note"', plain, 'grün "x"') +
        part('name="tags"', plain, 'a') +
        part('name="tags"', plain, 'b') +
        part('name="meta"', 'application/json', '{"n":1}') +
        part('name="order"', 'application/xml', '<order/>') +
        part('name="photo"; filename="a %22b%22.png"', 'image/png', 'ü') +
        `--${boundary}--\r\n`,
    );
    expect(requestOf(v3('/x', { requestBody }), given).contentType).toBe(contentType);
  });

  it('is none when nothing is given and none is required', () => {
    expect(
      requestOf(v3('/x', { requestBody: { content: { 'application/json': {} } } })).body,
    ).toBeUndefined();
  });
});

describe('the server of an operation', () => {
  it.each<[string, JsonObject, string]>([
    ['the document', v3('/x', {}), 'https://api.shop.example/x'],
    [
      'an absolute URL',
      v3('/x', {}, { servers: [{ url: 'http://other.example/v1/' }] }),
      'http://other.example/v1/x',
    ],
    ['a relative URL', v3('/x', {}, { servers: [{ url: '../v2' }] }), 'https://api.shop.example/v2/x'],
    ['a URL from the root', v3('/x', {}, { servers: [{ url: '/v3' }] }), 'https://api.shop.example/v3/x'],
    [
      'variables',
      v3(
        '/x',
        {},
        { servers: [{ url: 'https://{region}.example', variables: { region: { default: 'eu' } } }] },
      ),
      'https://eu.example/x',
    ],
    [
      'the operation',
      v3('/x', { servers: [{ url: 'https://op.example' }] }, { servers: [{ url: 'https://doc.example' }] }),
      'https://op.example/x',
    ],
    ['the document of 2.0', v2('/x', {}, { basePath: '/v1' }), 'https://api.shop.example/v1/x'],
    [
      'host and scheme of 2.0',
      v2('/x', {}, { host: 'h.example:8080', basePath: '/v1/', schemes: ['ws', 'http'] }),
      'http://h.example:8080/v1/x',
    ],
    [
      'its own scheme of 2.0',
      v2('/x', {}, { host: 'h.example', schemes: ['http', 'https'] }),
      'https://h.example/x',
    ],
  ])('comes from %s', (_name, document, url) => {
    expect(requestOf(document).url).toBe(url);
  });
});

describe('the API key of an operation', () => {
  const key = { type: 'apiKey', in: 'header', name: 'X-Key' };
  const query = { ...key, in: 'query', name: 'key' };
  const schemes = { key, query, token: { type: 'http', scheme: 'bearer' } };
  const components = { securitySchemes: schemes };
  const header = { in: 'header', name: 'X-Key' };

  it.each<[string, JsonObject, unknown]>([
    [
      'is where its scheme says',
      v3('/x', { security: [{ query: [] }] }, { components }),
      { in: 'query', name: 'key' },
    ],
    ['is what the document says', v3('/x', {}, { components, security: [{ key: [] }] }), header],
    [
      'is none beside a token',
      v3('/x', { security: [{ key: [] }, { token: [] }] }, { components }),
      undefined,
    ],
    ['is none beside another', v3('/x', { security: [{ key: [], query: [] }] }, { components }), undefined],
    [
      'is none where nothing is asked for',
      v3('/x', { security: [] }, { components, security: [{ key: [] }] }),
      undefined,
    ],
    ['is in 2.0 too', v2('/x', { security: [{ key: [] }] }, { securityDefinitions: schemes }), header],
  ])('%s', (_name, document, place) => {
    expect(requestOf(document).apiKey).toEqual(place);
  });
});

describe('OpenAPI calls that cannot be made', () => {
  const get = (parameters: JsonObject[]): JsonObject => v3('/items/{id}', { parameters });
  const id = { name: 'id', in: 'path', required: true };

  it.each<[string, JsonObject, JsonObject]>([
    ['the required parameter "id" (path) is missing', get([id]), {}],
    ['the required parameter "id" (path) is missing', get([id]), { id: null }],
    [
      'the required parameter "q" (query) is missing',
      get([id, { name: 'q', in: 'query', required: true }]),
      { id: 1 },
    ],
    ['the path parameter "id" must not be ".."', get([id]), { id: '..' }],
    ['the path parameter "id" must not be ""', get([id]), { id: '' }],
    ['the operation has no parameter "stauts"; its parameters: id', get([id]), { id: 1, stauts: 'x' }],
    [
      'the required request body ("body") is missing',
      v3('/x', { requestBody: { required: true, content: {} } }),
      {},
    ],
    [
      'a body of type multipart/form-data must be an object',
      v3('/x', { requestBody: { content: { 'multipart/form-data': {} } } }),
      { body: 'text' },
    ],
    ['the path /items/{id} has no parameter "id"', get([]), {}],
    ['the document has no operation "op"', { openapi: '3.0.0', paths: {} }, {}],
    ['leads nowhere', v3('/x', { parameters: [{ $ref: '#/components/none' }] }), {}],
    ['references in a circle', v3('/x', { parameters: [{ $ref: '#/a' }] }, { a: { $ref: '#/a' } }), {}],
    [
      'the server variable "region" has no default',
      v3('/x', {}, { servers: [{ url: 'https://{region}.example' }] }),
      {},
    ],
    ['names neither http nor https', v2('/x', {}, { schemes: ['wss'] }), {}],
    ['must be a text or {base64: …}', v3('/x', { requestBody: { content: { 'text/plain': {} } } }), { a: 1 }],
    ['says neither swagger: "2.0" nor openapi: 3', { openapi: '4.0.0' }, {}],
  ])('say: %s', (message, document, given) => {
    expect(() => requestOf(document, given)).toThrow(message);
  });

  it.each(['', '[1]', '{"openapi": ', 'a: [b'])('say that "%s" is no document', (text) => {
    expect(() => parseOpenapiDocument(text, from)).toThrow(/the document is/);
  });
});

describe('an OpenAPI document', () => {
  it('can be YAML', () => {
    const yaml = 'openapi: 3.0.0\npaths:\n  /x:\n    get:\n      operationId: op\n';
    expect(findOperation(parseOpenapiDocument(yaml, from), 'op').path).toBe('/x');
  });
});
