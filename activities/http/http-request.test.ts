import type { Json } from '../../dsl/json.ts';
import { endpointUrl, withQuery } from './endpoint.ts';
import { encodeBody, formText } from './http-body.ts';
import { completeHeaders, definedHeaders } from './http-headers.ts';
import { replaceAtPointer } from '../replace-at-pointer.ts';

describe('a request body', () => {
  it.each<[Json, string | undefined, string, string]>([
    [{ a: 1 }, undefined, 'application/json', '{"a":1}'],
    ['text', undefined, 'application/json', '"text"'],
    [['grün'], 'application/vnd.shop+json', 'application/vnd.shop+json', '["grün"]'],
    ['<a/>', 'application/xml', 'application/xml', '<a/>'],
    ['plain', 'text/plain; charset=utf-8', 'text/plain; charset=utf-8', 'plain'],
    [
      { a: 'x y', b: ['1', 2], c: null },
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded',
      'a=x+y&b=1&b=2',
    ],
    ['a=1', 'application/x-www-form-urlencoded', 'application/x-www-form-urlencoded', 'a=1'],
    [{ base64: 'Z3LDvG4=' }, 'text/plain', 'text/plain', 'grün'],
    [{ base64: 'Z3LDvG4=' }, undefined, 'application/json', '{"base64":"Z3LDvG4="}'],
    [false, undefined, 'application/json', 'false'],
  ])('%j as %s', (body, type, contentType, text) => {
    const encoded = encodeBody(body, type, '/do/0/a');
    expect(encoded?.contentType).toBe(contentType);
    expect(Buffer.from(encoded?.bytes ?? []).toString()).toBe(text);
  });

  it.each([null, undefined])('that is %s is none', (body) => {
    expect(encodeBody(body, undefined, '/do/0/a')).toBeUndefined();
  });

  it.each<[Json]>([[{ a: 1 }], [{ base64: 'no base64!' }]])('%j does not fit a type of text', (body) => {
    expect(() => encodeBody(body, 'text/xml', '/do/0/a')).toThrow(
      'a body of type text/xml must be a text or {base64: …}, found an object',
    );
  });
});

describe('the headers of a request', () => {
  it('identify Perdure and the call unless the definition says otherwise', () => {
    expect(completeHeaders({}, 'key-1')).toMatchObject({
      'idempotency-key': 'key-1',
      'user-agent': expect.stringMatching(/^perdure\/\d/),
    });
    expect(completeHeaders({ 'idempotency-key': 'mine', 'user-agent': 'shop' }, 'key-1')).toMatchObject({
      'idempotency-key': 'mine',
      'user-agent': 'shop',
    });
  });

  it('come from texts, numbers, booleans and lists of them', () => {
    expect(
      definedHeaders({ 'X-A': 'a', 'X-B': 1, 'X-C': true, 'X-D': null, 'X-E': ['1', 2] }, '/do/0/a'),
    ).toEqual({
      'x-a': 'a',
      'x-b': '1',
      'x-c': 'true',
      'x-e': '1, 2',
    });
  });

  it.each<[Json, string]>([
    ['x', 'headers must be an object'],
    [{ 'X-A': { b: 1 } }, 'the header X-A must be a text'],
    [{ 'Content-Length': '3' }, 'the header Content-Length cannot be set by a definition'],
  ])('cannot be %j', (headers, message) => {
    expect(() => definedHeaders(headers, '/do/0/a')).toThrow(message);
  });
});

describe('an endpoint', () => {
  const url = (endpoint: Json): string => endpointUrl(endpoint, '/do/0/a').href;

  it('takes its query from the arguments', () => {
    expect(url({ uri: 'http://shop.example' })).toBe('http://shop.example/');
    expect(withQuery(new URL('https://shop.example/?a=%20'), 'b=1')).toBe('https://shop.example/?a=%20&b=1');
    expect(withQuery(new URL('https://shop.example/p?'), 'b=1')).toBe('https://shop.example/p?b=1');
    expect(formText(Object.entries({ tag: ['a', 'b&c'], on: true, none: null }))).toBe(
      'tag=a&tag=b%26c&on=true',
    );
  });

  it.each<[Json, string]>([
    ['/relative', 'is not an absolute http or https URL'],
    ['ftp://shop.example/', 'is not an absolute http or https URL'],
    ['file:///etc/passwd', 'is not an absolute http or https URL'],
    [{}, 'the endpoint has no URI'],
  ])('cannot be %j', (endpoint, message) => {
    expect(() => url(endpoint)).toThrow(message);
  });
});

describe('a value at a JSON Pointer', () => {
  it('is replaced, and nothing else changes', () => {
    const value = { a: { 'b/c': ['x', 'y'] }, d: 1 };
    expect(replaceAtPointer(value, '/a/b~1c/1', { z: 1 })).toEqual({ a: { 'b/c': ['x', { z: 1 }] }, d: 1 });
    expect(value.a['b/c']).toEqual(['x', 'y']);
    expect(replaceAtPointer(value, '', 7)).toBe(7);
    expect(replaceAtPointer(value, '/nothing/here', 7)).toEqual(value);
  });
});
