/** How executions of the table end. */
import { isJsonObject } from '../../dsl/json.ts';
import type { Ended } from '../engine/definition-service.ts';
import type { Row } from './definitions.ts';

/** What an execution gave, or the error that ended it. */
export type Outcome =
  | { readonly trail: readonly string[]; readonly n: number; readonly gates: number }
  | { readonly error: string };

const raised = 'https://positions.test/raised';

/** What the undisturbed execution of a row gives: worked out from what its tasks are, not from a run. */
export function expectedOutcome({ subject, nesting }: Row): Outcome {
  const { turns } = nesting;
  if (subject.raises === true) {
    if (nesting.catches !== true) return { error: raised };
    return { trail: ['caught 418'], n: 0, gates: turns.filter((turn) => turn <= 1).length };
  }
  return {
    trail: turns.flatMap((turn) => subject.trail(turn)),
    n: turns.length * (subject.counts ?? 1),
    gates: turns.length,
  };
}

/** What version 2 gives where it takes over at the disturbed turn: what is new in front of the subject is passed over there. */
export function outcomeOfMigration(row: Row): Outcome {
  const { subject, nesting } = row;
  const undisturbed = expectedOutcome(row);
  if (subject.raises === true || !('trail' in undisturbed)) return undisturbed;
  const trail = nesting.turns.flatMap((turn) => [
    ...(turn > 1 ? ['early'] : []),
    ...subject.trail(turn),
    ...(turn >= 1 ? ['late'] : []),
  ]);
  return { ...undisturbed, trail };
}

/** How an execution ended, as a value to compare. */
export function outcomeOf({ output, error }: Pick<Ended, 'output' | 'error'>): Outcome {
  if (error !== undefined) return { error: error.type };
  const data = isJsonObject(output) ? output['data'] : undefined;
  if (!isJsonObject(output) || !isJsonObject(data)) throw new TypeError(JSON.stringify(output));
  const { trail, n, ...others } = data;
  // Nothing of the manoeuvre may stay in what goes on.
  if (Object.keys(others).length > 0) throw new TypeError(JSON.stringify(output));
  return { trail: trail as readonly string[], n: n as number, gates: output['gates'] as number };
}
