import { isJsonObject } from '../dsl/json.ts';
import type { Json, JsonObject } from '../dsl/json.ts';

const levels: Readonly<Record<string, { readonly label: string; readonly colour: number }>> = {
  10: { label: 'trace', colour: 90 },
  20: { label: 'debug', colour: 90 },
  30: { label: 'info ', colour: 32 },
  40: { label: 'warn ', colour: 33 },
  50: { label: 'error', colour: 31 },
  60: { label: 'fatal', colour: 31 },
};

/** One pino entry (a line of JSON) as a line for a person: time, level, role, message, then its other members. */
export function prettyLine(entry: string, colours: boolean): string {
  const { time = '', level = '', role, msg, err, ...rest } = JSON.parse(entry) as JsonObject;
  const paint = (code: number, words: string): string =>
    colours ? `\u001b[${code}m${words}\u001b[0m` : words;
  const { label, colour } = levels[text(level)] ?? { label: text(level), colour: 0 };
  const members = Object.entries(rest).map(([key, value]) => `${key}=${quoted(value)}`);
  const parts = [
    paint(90, text(time).slice(11, 23)),
    paint(colour, label),
    ...(role === undefined ? [] : [paint(36, text(role))]),
    ...(msg === undefined ? [] : [text(msg)]),
    ...(members.length === 0 ? [] : [paint(90, members.join(' '))]),
  ];
  return `${parts.join(' ')}\n${err === undefined ? '' : indented(err)}`;
}

function text(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function quoted(value: Json): string {
  return typeof value === 'string' && !/[\s"=]/.test(value) ? value : JSON.stringify(value);
}

function indented(error: Json): string {
  const words = isJsonObject(error) ? text(error['stack'] ?? error['message'] ?? error) : text(error);
  return `${words.replaceAll(/^/gm, '    ')}\n`;
}
