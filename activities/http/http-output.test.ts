import { createRedactor } from '../secrets/redaction.ts';
import { replyOutput } from './http-output.ts';
import type { HttpReply } from '../../network/http-sender.ts';

const none = createRedactor([]);

function reply(contentType: string | undefined, body: string | Uint8Array): HttpReply {
  return {
    status: 200,
    headers: contentType === undefined ? {} : { 'content-type': contentType },
    body: Buffer.from(body),
    method: 'GET',
    url: 'https://shop.example/items?page=2',
  };
}

describe('the output of a call', () => {
  it.each<[string, string | undefined, string | Uint8Array, unknown]>([
    ['JSON', 'application/json; charset=utf-8', '{"a":[1,null]}', { a: [1, null] }],
    ['JSON with a byte order mark', 'application/json', '\ufeff{"a":1}', { a: 1 }],
    ['JSON by its suffix', 'application/problem+json', '"x"', 'x'],
    ['text', 'text/plain', 'grün', 'grün'],
    ['text of another charset', 'text/plain; charset="iso-8859-1"', Buffer.from([0xfc]), 'ü'],
    ['text of an unknown charset', 'text/plain; charset=klingon', 'a', 'a'],
    ['HTML', 'text/html', '<p>', '<p>'],
    ['XML', 'application/xml', '<a/>', '<a/>'],
    ['XML by its suffix', 'application/atom+xml', '<a/>', '<a/>'],
    ['YAML', 'application/yaml', 'a: 1', 'a: 1'],
    ['an image', 'image/png', Buffer.from([0x89, 0x50]), 'iVA='],
    ['bytes', 'application/octet-stream', 'abc', 'YWJj'],
    ['nothing', 'application/json', '', null],
    ['text without a media type', undefined, 'abc', 'abc'],
    ['bytes without a media type', undefined, Buffer.from([0xff, 0xfe]), '//4='],
  ])('is, for %s, its content', (_name, type, body, content) => {
    expect(replyOutput('content', reply(type, body), {}, none, '/do/0/a')).toEqual(content);
  });

  it('is in base64 when raw', () => {
    expect(replyOutput('raw', reply('application/json', '{}'), {}, none, '/do/0/a')).toBe('e30=');
    expect(replyOutput('raw', reply('application/json', ''), {}, none, '/do/0/a')).toBe('');
  });

  it('has both sides of the exchange as response, without credentials and secrets', () => {
    const redactor = createRedactor(['s3cret-value']);
    const answered = {
      ...reply('application/json', '{"echo":"key s3cret-value"}'),
      url: 'https://shop.example/s3cret-value',
    };
    const output = replyOutput(
      'response',
      { ...answered, headers: { ...answered.headers, 'set-cookie': 'session=1', 'x-echo': 's3cret-value' } },
      { authorization: 'Bearer x', 'x-key': 's3cret-value', accept: '*/*' },
      redactor,
      '/do/0/a',
    );
    expect(output).toEqual({
      request: { method: 'get', uri: 'https://shop.example/***', headers: { 'x-key': '***', accept: '*/*' } },
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'x-echo': '***' },
      content: { echo: 'key ***' },
    });
    const raw = replyOutput('raw', answered, {}, redactor, '/do/0/a');
    expect(raw).toBe(Buffer.from('{"echo":"key ***"}').toString('base64'));
  });

  it.each([
    ['is not JSON', '{"a":'],
    ['nested deeper than 500', '['.repeat(10_000) + ']'.repeat(10_000)],
  ])('faults when JSON was announced and the body %s', (detail, body) => {
    let fault: unknown;
    try {
      replyOutput('content', reply('application/json', body), {}, none, '/do/0/a');
    } catch (error) {
      fault = error;
    }
    expect(fault).toMatchObject({
      error: {
        status: 502,
        title: 'Invalid Response',
        instance: '/do/0/a',
        detail: expect.stringContaining(detail),
      },
    });
  });
});
