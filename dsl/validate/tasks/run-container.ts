import { isJsonObject } from '../../json.ts';
import { describeValue } from '../../wording.ts';
import { duration } from '../duration.ts';
import { isMarkedExpression, templateText } from '../expressions.ts';
import { below, report } from '../place.ts';
import type { Rule } from '../place.ts';
import { all, integer, mapOf, object, oneOf } from '../rules.ts';
import { processFields } from './run-process.ts';

const lifetimeForm = object({
  title: 'a container lifetime',
  required: ['cleanup'],
  fields: { cleanup: oneOf('always', 'never', 'eventually'), after: duration },
});

const afterOnlyEventually: Rule = (value, place) => {
  if (!isJsonObject(value)) return;
  const eventually = value.cleanup === 'eventually';
  if (eventually && value.after === undefined) {
    report(place, 'missing', 'a container lifetime with cleanup "eventually" needs the field "after"');
  } else if (!eventually && value.after !== undefined) {
    report(below(place, 'after'), 'value', '"after" goes only with cleanup "eventually"', { key: true });
  }
};

const portNumber = integer(1, 65_535);

const port: Rule = (value, place) => {
  if (typeof value !== 'string') return portNumber(value, place);
  templateText(value, place);
  if (isMarkedExpression(value) || isPort(value)) return;
  report(place, 'format', `expected the number of a port, found ${describeValue(value)}`);
};

function isPort(text: string): boolean {
  const number = /^(\d{1,5})(?:\/(?:tcp|udp))?$/.exec(text)?.[1];
  return number !== undefined && Number(number) >= 1 && Number(number) <= 65_535;
}

const portNames: Rule = (value, place) => {
  for (const name of isJsonObject(value) ? Object.keys(value) : []) {
    if (isPort(name)) continue;
    const message = `expected the number of a port such as 8080 or 53/udp, found ${describeValue(name)}`;
    report(below(place, name), 'format', message, { key: true });
  }
};

/** "Container Process". */
export const container = object({
  title: 'a container',
  required: ['image'],
  fields: {
    ...processFields,
    image: templateText,
    name: templateText,
    command: templateText,
    ports: all(mapOf('the ports of a container', port), portNames),
    volumes: mapOf('the volumes of a container', templateText),
    lifetime: all(lifetimeForm, afterOnlyEventually),
    pullPolicy: oneOf('ifNotPresent', 'always', 'never'),
  },
});
