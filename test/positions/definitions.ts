/** The definitions of an execution: the one that it starts with, the one that it is moved to, one that it cannot be moved to. */
import { checkDefinition } from '../../dsl/check.ts';
import type { JsonObject } from '../../dsl/json.ts';
import type { Definition } from '../../dsl/types.ts';
import { countGates, type Nesting } from './nestings.ts';
import { ask, type Place, type Task } from './place.ts';
import { functions, type Subject } from './subjects.ts';

export interface Row {
  readonly subject: Subject;
  readonly nesting: Nesting;
}

export const namespace = 'positions';
export const definitionName = ({ subject, nesting }: Row): string => slug(`${subject.name} ${nesting.name}`);

const slug = (text: string): string => text.replaceAll(' ', '-');

interface Parts {
  readonly version: string;
  readonly list: readonly Task[];
  readonly onFault?: 'hold';
}

/** What the definition gives, and how often its gate was passed. */
const output = { as: '${ { data: ., gates: $context.gates } }' };

function definition(row: Row, place: Place, { version, list, onFault }: Parts): Definition {
  const { nesting } = row;
  const document: JsonObject = {
    dsl: '1.0.3',
    namespace,
    name: definitionName(row),
    version,
    ...(onFault && { metadata: { onFault } }),
  };
  return parse({
    document,
    use: { functions: functions(place) },
    output,
    do: nesting.around(list, place).map((task) => ({ ...task })),
  });
}

/** Fails with what is wrong with it. */
export function parse(document: JsonObject): Definition {
  const result = checkDefinition(JSON.stringify(document));
  if (!result.ok) throw new Error(JSON.stringify([result.errors, document]));
  return result.definition;
}

const gate = (place: Place): JsonObject => ({ ...ask(place, 'gate'), ...countGates });
const subjectOf = ({ subject }: Row, place: Place, name = 'subject'): readonly Task[] => [
  { [name]: subject.task(place) },
  ...(subject.behind ?? []),
];
const after = (place: Place): JsonObject => ask(place, 'after', { body: '${ del(.until) }' });

/** Version 1: gate, subject, what comes after. */
export function firstVersion(row: Row, place: Place, onFault?: 'hold'): Definition {
  const list = [{ gate: gate(place) }, ...subjectOf(row, place), { after: after(place) }];
  return definition(row, place, { version: '1.0.0', list, ...(onFault && { onFault }) });
}

/** Version 2 has a task more in front of the subject and one at the end of the list. */
export function secondVersion(row: Row, place: Place): Definition {
  const added = (name: string): JsonObject => ({ set: `\${ .trail += ["${name}"] }` });
  const list = [
    { gate: gate(place) },
    { early: added('early') },
    ...subjectOf(row, place),
    { after: after(place) },
    { late: added('late') },
  ];
  return definition(row, place, { version: '2.0.0', list });
}

/** A version that has neither the gate nor the subject under its name. */
export function foreignVersion(row: Row, place: Place): Definition {
  const list = [{ entrance: gate(place) }, ...subjectOf(row, place, 'other'), { after: after(place) }];
  return definition(row, place, { version: '3.0.0', list });
}
