/** Names that must be defined under `use`. */
import { orList, quote, suggestion } from '../wording.ts';
import { report } from './place.ts';
import type { Place, ReusableNames, Rule } from './place.ts';
import { reportType } from './rules.ts';

const singular: Readonly<Record<keyof ReusableNames, string>> = {
  authentications: 'authentication',
  catalogs: 'catalog',
  errors: 'error',
  functions: 'function',
  retries: 'retry policy',
  secrets: 'secret',
  timeouts: 'timeout',
};

/** The name of something of one kind that the definition defines under `use`. */
export function referenceTo(kind: keyof ReusableNames): Rule {
  return (value, place) => {
    if (typeof value !== 'string') reportType(value, place, `the name of a ${singular[kind]}`);
    else if (!place.context.names[kind].has(value)) reportUnknown(kind, value, place);
  };
}

/** Reports a name that nothing under `use` has. */
function reportUnknown(kind: keyof ReusableNames, name: string, place: Place): void {
  const known = [...place.context.names[kind]];
  const near = suggestion(name, known);
  const defined = known.length === 0 ? `use.${kind} defines none` : `defined are ${orList(known.map(quote))}`;
  const message = `no ${singular[kind]} named ${quote(name)} is defined in use.${kind}${near || `; ${defined}`}`;
  report(place, 'unknown-reference', message.replace(' or ', ' and '));
}
