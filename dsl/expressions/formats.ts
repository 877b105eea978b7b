import type { Json } from '../json.ts';
import type { NodeOf } from './ast.ts';
import { decodeBase64, encodeBase32, decodeBase32, encodeBase64 } from './base-n.ts';
import { codeOfOne } from './code.ts';
import type { Code } from './code.ts';
import { numberText, toJson } from './json-text.ts';
import type { Run } from './runtime.ts';
import { refuse } from './scope.ts';
import type { Compiler } from './scope.ts';
import { describe, isArray, raise } from './values.ts';

type Format = (value: Json, run: Run) => string;

/** A text as it is, any other value as JSON. */
export function toText(value: Json, run: Run): string {
  return typeof value === 'string' ? value : toJson(value, run);
}

const htmlEscapes: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  "'": '&apos;',
  '"': '&quot;',
};

const formats: Readonly<Record<string, Format>> = {
  '@text': toText,
  '@json': (value, run) => toJson(value, run),
  '@csv': (value, run) => row(value, run, 'csv', ',', (text) => `"${showNul(text).replaceAll('"', '""')}"`),
  '@tsv': (value, run) => row(value, run, 'tsv', '\t', escapeTsv),
  '@html': (value, run) =>
    sized(value, run, (text) => showNul(text).replace(/[<>&'"]/g, (sign) => htmlEscapes[sign] ?? sign)),
  '@uri': (value, run) => sized(value, run, encodeUri),
  '@urid': (value, run) => decodeUri(toText(value, run), value, run),
  '@sh': (value, run) =>
    joined(
      (isArray(value) ? value : [value]).map((item) => quoteForShell(item, run)),
      ' ',
      run,
    ),
  '@base64': (value, run) => sized(value, run, encodeBase64),
  '@base64d': (value, run) => {
    const text = counted(toText(value, run), run);
    return decodeBase64(text, (why) => raise(`${describe(text, run)} ${why}`));
  },
  '@base32': (value, run) => sized(value, run, encodeBase32),
  '@base32d': (value, run) =>
    decodeBase32(counted(toText(value, run), run)) ??
    raise(`${describe(value, run)} is not valid base32 data`),
};

/** The format of that name, `@` included. */
export function formatter(name: string, node: { readonly offset: number }, compiler: Compiler): Format {
  return lookUp(name) ?? refuse(compiler, `${name.slice(1)} is not a valid format`, node);
}

function lookUp(name: string): Format | undefined {
  return Object.hasOwn(formats, name) ? formats[name] : undefined;
}

/** `@name` on its own. */
export function formatCode(node: NodeOf<'format'>, compiler: Compiler): Code {
  const format = formatter(node.name, node, compiler);
  return codeOfOne((input, env) => format(input, env.run), 2);
}

/** `format("name")`. */
export function formatByName(value: Json, name: Json, run: Run): string {
  if (typeof name !== 'string') return raise(`${describe(name, run)} is not a valid format`);
  const format = lookUp(`@${name}`);
  return format === undefined ? raise(`${name} is not a valid format`) : format(value, run);
}

/** Decoding looks at every character by itself. */
function counted(text: string, run: Run): string {
  run.tick(1 + (text.length >> 2));
  return text;
}

function sized(value: Json, run: Run, encode: (text: string) => string): string {
  const text = toText(value, run);
  run.tick(1 + (text.length >> 2));
  const encoded = encode(text);
  run.checkText(encoded.length);
  return encoded;
}

function row(
  value: Json,
  run: Run,
  name: 'csv' | 'tsv',
  separator: string,
  escape: (text: string) => string,
): string {
  if (!isArray(value)) return raise(`${describe(value, run)} cannot be ${name}-formatted, only array`);
  const cells = value.map((cell) => {
    run.tick();
    if (cell === null) return '';
    if (typeof cell === 'string') {
      run.tick(cell.length >> 4);
      return escape(cell);
    }
    if (typeof cell === 'boolean') return String(cell);
    if (typeof cell === 'number') return Number.isNaN(cell) ? '' : numberText(cell);
    return raise(`${describe(cell, run)} is not valid in a csv row`);
  });
  return joined(cells, separator, run);
}

/** The same text can stand in an array many times, so that the sum is known before it is made. */
function joined(texts: readonly string[], separator: string, run: Run): string {
  run.checkText(texts.reduce((length, text) => length + separator.length + text.length, 0));
  return texts.join(separator);
}

/** Where a format escapes signs at all, jq does not let the one with code 0 through. */
function showNul(text: string): string {
  return text.replaceAll('\0', '\\0');
}

function escapeTsv(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
  return showNul(escaped);
}

function quoteForShell(value: Json, run: Run): string {
  run.tick();
  if (typeof value === 'string') {
    run.tick(value.length >> 4);
    return `'${showNul(value.replaceAll("'", "'\\''"))}'`;
  }
  if (typeof value === 'object' && value !== null) {
    return raise(`${describe(value, run)} can not be escaped for shell`);
  }
  return toJson(value, run);
}

function encodeUri(text: string): string {
  const wellFormed = text.toWellFormed();
  return encodeURIComponent(wellFormed).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decodeUri(text: string, value: Json, run: Run): string {
  run.tick(1 + (text.length >> 4));
  try {
    return decodeURIComponent(text);
  } catch {
    return raise(`${describe(value, run)} is not a valid uri encoding`);
  }
}
