import { attributesOf, readEventMessage } from './event-message.ts';

const attributes = { specversion: '1.0', id: '1', source: '/shop', type: 'order' };

it.each([
  [
    'a structured event',
    { contentType: 'application/cloudevents+json; charset=utf-8' },
    '{"id":"7"}',
    { id: '7' },
  ],
  ['JSON without a word about it', {}, '{"id":"7"}', { id: '7' }],
  ['a text', {}, 'grün', 'grün'],
  ['nothing', {}, '', ''],
  ['null', {}, 'null', null],
  [
    'JSON data',
    { attributes, contentType: 'application/json' },
    '[1]',
    { ...attributes, datacontenttype: 'application/json', data: [1] },
  ],
  ['data without a type', { attributes }, '{"a":1}', { ...attributes, data: { a: 1 } }],
  [
    'JSON that is none',
    { attributes, contentType: 'application/json' },
    '{',
    { ...attributes, datacontenttype: 'application/json', data: '{' },
  ],
  [
    'XML data',
    { attributes, contentType: 'application/xml' },
    '<a/>',
    { ...attributes, datacontenttype: 'application/xml', data: '<a/>' },
  ],
  ['no data', { attributes }, '', attributes],
])('reads %s', (_, message, body, expected) => {
  expect(readEventMessage({ attributes: {}, ...message, body: Buffer.from(body) })).toEqual(expected);
});

it.each(['image/png', 'text/plain'])('keeps bytes that are no text, of %s', (contentType) => {
  const body = Buffer.from([0xff, 0x00]);
  expect(readEventMessage({ attributes, contentType, body })).toEqual({
    ...attributes,
    datacontenttype: contentType,
    data_base64: '/wA=',
  });
});

it('takes attributes out of headers', () => {
  const headers = [
    ['ce-Id', 'gr%C3%BCn'],
    ['ce-broken', '100%'],
    ['other', 'x'],
  ] as const;
  expect(attributesOf(headers, /^ce-/i, true)).toEqual({ id: 'grün', broken: '100%' });
  expect(attributesOf(headers, /^ce-/i, false)).toEqual({ id: 'gr%C3%BCn', broken: '100%' });
});
