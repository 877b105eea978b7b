/** CloudEvents 1.0 in the JSON format (https://github.com/cloudevents/spec, "JSON Event Format"). */
import { isJsonObject, pointerToken } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';
import type { EventReading } from '../types.ts';
import { describeValue } from '../wording.ts';

/** A CloudEvent 1.0 in JSON. */
export interface CloudEvent extends JsonObject {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
}

/** What is wrong with one attribute of an event. */
export interface EventProblem {
  readonly pointer: string;
  readonly code: 'required' | 'type' | 'format' | 'value' | 'name';
  readonly message: string;
}

type ParsedEvent =
  | { readonly ok: true; readonly event: CloudEvent }
  | { readonly ok: false; readonly problems: readonly EventProblem[] };

const required = ['specversion', 'id', 'source', 'type'];
const texts = new Set([...required, 'subject', 'datacontenttype', 'dataschema', 'time']);
const dateTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Reads an event, or says everything that keeps the value from being one. An attribute that is null counts as absent. */
export function parseCloudEvent(value: Json | undefined): ParsedEvent {
  if (!isJsonObject(value)) {
    const message = `expected a CloudEvent, an object, found ${describeValue(value ?? null)}`;
    return { ok: false, problems: [{ pointer: '', code: 'type', message }] };
  }
  const event = Object.fromEntries(
    Object.entries(value).filter(([name, member]) => member !== null || name === 'data'),
  );
  const problems = [
    ...required
      .filter((name) => event[name] === undefined)
      .map((name) => problem(name, 'required', 'is required')),
    ...Object.entries(event).flatMap(([name, member]) => attributeProblem(name, member)),
  ];
  if ('data' in event && 'data_base64' in event) {
    problems.push(problem('data_base64', 'value', 'an event has data or data_base64, not both'));
  }
  // The required attributes are there, and are what they have to be.
  return problems.length > 0 ? { ok: false, problems } : { ok: true, event: event as CloudEvent };
}

/** `source` and `id` as one text: the same for every copy of one event, and for no other. */
export function eventIdentity({ source, id }: CloudEvent): string {
  return JSON.stringify([source, id]);
}

/**
 * What `read` takes of an event: its data, the whole event, or the data as text. Binary data is base64 in either form;
 * JSON data read `raw` is its JSON text.
 */
export function readEvent(event: CloudEvent, reading: EventReading = 'data'): Json {
  if (reading === 'envelope') return event;
  const data = event['data'] ?? event['data_base64'] ?? null;
  return reading === 'data' || typeof data === 'string' ? data : JSON.stringify(data);
}

function attributeProblem(name: string, value: Json): EventProblem[] {
  if (name === 'data') return [];
  if (name === 'data_base64') {
    const valid = typeof value === 'string' && base64.test(value);
    return valid ? [] : [problem(name, 'format', 'expected a text in base64')];
  }
  if (texts.has(name)) return textProblem(name, value);
  if (!/^[a-z0-9]+$/.test(name)) {
    return [problem(name, 'name', 'names of attributes have lower-case letters and digits only')];
  }
  const simple =
    typeof value === 'string' || typeof value === 'boolean' || (Number.isInteger(value) && isSmall(value));
  const expected = 'expected a text, a whole number of 32 bits, true or false';
  return simple ? [] : [problem(name, 'type', `${expected}, found ${describeValue(value)}`)];
}

function textProblem(name: string, value: Json): EventProblem[] {
  const found = `found ${describeValue(value)}`;
  if (typeof value !== 'string') return [problem(name, 'type', `expected a text, ${found}`)];
  if (value === '') return [problem(name, 'value', 'must not be empty')];
  if (name === 'specversion' && value !== '1.0') return [problem(name, 'value', `expected "1.0", ${found}`)];
  if (name === 'time' && !(dateTime.test(value) && !Number.isNaN(Date.parse(value)))) {
    return [problem(name, 'format', `expected a time such as "2026-01-31T12:00:00Z", ${found}`)];
  }
  return [];
}

function isSmall(value: Json): boolean {
  return typeof value === 'number' && Math.abs(value) <= 2_147_483_648;
}

function problem(name: string, code: EventProblem['code'], message: string): EventProblem {
  return { pointer: `/${pointerToken(name)}`, code, message };
}
