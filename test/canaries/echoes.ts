/** Every way in which the partner repeats what it was told. */
import { gzipSync } from 'node:zlib';

/** An answer that repeats a text. */
export interface Echo {
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent piece by piece. */
  readonly body?: readonly (string | Buffer)[];
}

type MakeEcho = (heard: string) => Echo;

const json = { 'content-type': 'application/json' };
const text = { 'content-type': 'text/plain; charset=utf-8' };
const bytes = { 'content-type': 'application/octet-stream' };

const inJson = (value: unknown, status = 200): Echo => ({
  status,
  headers: json,
  body: [JSON.stringify(value)],
});
const inText = (body: string, status = 200): Echo => ({ status, headers: text, body: [body] });

/** Escapes everything but letters and digits, and of these the first ones, so that none stays plain by its nature. */
function escaped(value: string, escape: (character: string) => string): string {
  return Array.from(value, (character, index) =>
    index < 2 || !/[a-z0-9]/i.test(character) ? escape(character) : character,
  ).join('');
}

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;
const percent = (value: string): string =>
  Array.from(Buffer.from(value), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const asciiJson = (value: string): string =>
  JSON.stringify(value).replaceAll(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
/** What can stand in a header: one line of Latin-1, as Node sends it. */
const oneLine = (value: string): string => Buffer.from(value.replaceAll(/[\r\n]+/g, ' ')).toString('latin1');

export const echoes: Readonly<Record<string, MakeEcho>> = {
  json: (heard) => inJson({ heard, list: [heard, { deep: `before ${heard} after` }] }),
  keys: (heard) => inJson({ [heard]: 1 }),
  'json-in-json': (heard) => inJson({ heard: JSON.stringify({ heard: JSON.stringify({ heard }) }) }),
  'ascii-json': (heard) => inText(asciiJson(asciiJson(heard))),
  text: (heard) => inText(`You said ${heard}.`),
  untyped: (heard) => ({ body: [heard] }),
  html: (heard) => ({
    headers: { 'content-type': 'text/html' },
    body: [
      heard
        .replaceAll('&', '&amp;')
        .replaceAll('"', '&quot;')
        .replaceAll('<', '&lt;')
        .replaceAll("'", '&#39;'),
    ],
  }),
  'numbered-html': (heard) => inText(escaped(heard, (character) => `&#x${codeOf(character).toString(16)};`)),
  percent: (heard) => inText(percent(heard)),
  'percent-twice': (heard) => inJson(encodeURIComponent(encodeURIComponent(heard))),
  form: (heard) => inText(new URLSearchParams({ heard, again: heard }).toString()),
  shell: (heard) =>
    inText(escaped(heard, (character) => (/\w/.test(character) ? character : `\\${character}`))),
  base64: (heard) => inJson(['', 'a', 'ab'].map((before) => Buffer.from(before + heard).toString('base64'))),
  'base64-of-json': (heard) => inJson(Buffer.from(JSON.stringify({ heard: [heard] })).toString('base64')),
  base64url: (heard) =>
    inJson(['', 'a', 'ab'].map((before) => Buffer.from(before + heard).toString('base64url'))),
  'folded-base64': (heard) => inText(Buffer.from(heard).toString('base64').replaceAll(/.{12}/g, '$&\r\n')),
  hexadecimal: (heard) => inJson(Buffer.from(`said ${heard}`).toString('hex')),
  bytes: (heard) => ({ headers: bytes, body: [Buffer.from([0xff, 0xfe]), heard, Buffer.from([0xfd])] }),
  'latin-1': (heard) => ({
    headers: { 'content-type': 'text/plain; charset=iso-8859-1' },
    body: [heard],
  }),
  capitals: (heard) => inText(heard.toUpperCase()),
  chunks: (heard) => ({ headers: text, body: Array.from(heard) }),
  compressed: (heard) => ({
    headers: { ...json, 'content-encoding': 'gzip' },
    body: [gzipSync(JSON.stringify(heard))],
  }),
  'not-json': (heard) => ({ headers: json, body: [`{"heard": ${heard}`] }),
  header: (heard) => ({
    headers: { ...json, 'x-heard': oneLine(heard), 'x-escaped': percent(heard) },
    body: ['1'],
  }),
  cookie: (heard) => ({ headers: { ...json, 'set-cookie': `heard=${percent(heard)}` }, body: ['1'] }),
  'status-text': (heard) => ({ statusText: oneLine(heard), headers: json, body: ['1'] }),
  challenge: (heard) => ({
    status: 401,
    headers: { 'www-authenticate': `Bearer realm="${percent(heard)}", error="invalid_token"` },
  }),
  refusal: (heard) => inJson({ title: heard, detail: heard }, 422),
  failure: (heard) => inText(heard, 500),
  redirect: (heard) => ({ status: 302, headers: { location: `/echo/json?again=${percent(heard)}` } }),
  'redirect-astray': (heard) => ({
    status: 302,
    headers: { location: `http://${heard.slice(0, 24)}.invalid/` },
  }),
};
