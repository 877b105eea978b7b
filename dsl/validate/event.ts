/** Events that are emitted and consumed ("Event Properties", "Event Consumption Strategy"). */
import { isJsonObject } from '../json.ts';
import { describeValue } from '../wording.ts';
import { expression, isMarkedExpression, template, templateText } from './expressions.ts';
import { report } from './place.ts';
import type { Rule } from './place.ts';
import { array, exactlyOneOf, expectObject, mapOf, object } from './rules.ts';
import { uriOrExpression } from './uri.ts';

const dateTime =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

const time: Rule = (value, place) => {
  templateText(value, place);
  if (typeof value !== 'string' || isMarkedExpression(value) || isDateTime(value)) return;
  report(place, 'format', `expected a time such as "2026-01-31T12:00:00Z", found ${describeValue(value)}`);
};

/** RFC 3339, and a day that the month has. */
function isDateTime(text: string): boolean {
  const [, year, month, day] = (dateTime.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const read = new Date(Date.UTC(2000, month - 1, day));
  read.setUTCFullYear(year, month - 1, day);
  return read.getUTCMonth() === month - 1 && read.getUTCDate() === day;
}

const properties = {
  title: 'an event',
  fields: {
    id: templateText,
    source: uriOrExpression,
    type: templateText,
    time,
    subject: templateText,
    datacontenttype: templateText,
    dataschema: uriOrExpression,
    data: template,
  },
  others: template,
} as const;

/** `emit.event`: what is published. */
export const emittedEvent = object({
  title: 'the event to emit',
  required: ['with'],
  fields: { with: object({ ...properties, required: ['type'] }) },
  others: template,
});

const correlation = object({
  title: 'a correlation',
  required: ['from'],
  fields: { from: expression, expect: templateText },
});

const eventFilter = object({
  title: 'an event filter',
  required: ['with'],
  fields: {
    with: object({ ...properties, atLeastOne: true }),
    correlate: mapOf('correlations', correlation),
  },
});

const kinds = ['all', 'any', 'one'] as const;
const filters = {
  all: array('events to consume', eventFilter),
  any: array('events to consume', eventFilter),
  one: eventFilter,
};

const until: Rule = (value, place) => {
  if (typeof value === 'string') return expression(value, place);
  if (expectObject(value, place, 'the end of consuming')) {
    exactlyOneOf({ title: 'the end of consuming', fields: filters }, kinds)(value, place);
  }
};

/** Which events are consumed. */
export const consumption: Rule = (value, place) => {
  const endless = isJsonObject(value) && Object.hasOwn(value, 'any');
  const fields: Readonly<Record<string, Rule>> = endless ? { ...filters, until } : filters;
  exactlyOneOf({ title: 'what to listen to', fields }, kinds)(value, place);
};
