/** One execution's place in the table, and the tasks with which its definition asks the partner. */
import type { Json, JsonObject } from '../../dsl/json.ts';

/** A task under its name. */
export type Task = { readonly [name: string]: JsonObject };

/** A list of tasks, or whatever else the language writes as a list of names. */
export const listed = (items: JsonObject): readonly Task[] =>
  Object.entries(items).map(([name, item]) => ({ [name]: item }) as Task);

export interface Place {
  /** The execution's id: part of every request. */
  readonly id: string;
  /** Where the partner is. */
  readonly url: string;
  /** jq: the number of the turn. */
  readonly turn: string;
  /** How long the subject waits in the disturbed turn, in ISO 8601. */
  readonly pause: string;
}

/** What every failing task checks its input against. */
export const schema: JsonObject = {
  document: { type: 'object', required: ['n'], properties: { n: { type: 'number' } } },
};

/** jq: true where the data are wrong, and until the moment that they name. */
export const isOff = '(now < .until or .n < 0)';

interface Asking {
  /** jq: what stands behind the step, instead of the turn. */
  readonly turn?: string;
  readonly body?: Json;
}

/** A call of the partner, which answers with what it got. */
export function ask(
  place: Place,
  step: string,
  { turn = place.turn, body = '${ . }' }: Asking = {},
): JsonObject {
  const endpoint = `\${ "${place.url}/${place.id}/${step}/" + (${turn} | tostring) }`;
  return { call: 'http', input: { schema }, with: { method: 'post', endpoint, body } };
}
