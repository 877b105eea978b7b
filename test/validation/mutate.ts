/** Documents with a few changes: many of them valid still, and many just about not. */
import type { Json } from '../../dsl/json.ts';
import { pick } from '../random.ts';
import { edited } from './edit.ts';
import type { Edit } from './edit.ts';
import type { Mutant } from './mutant.ts';
import { mutations } from './mutations.ts';
import { poolOf, spotsOf } from './spots.ts';

const lots = mutations.flatMap(([mutation, weight]) => Array.from({ length: weight }, () => mutation));

/** A source of mutants of the seeds, endless, the same for the same random numbers. */
export function* mutants(seeds: ReadonlyMap<string, Json>, random: () => number): Generator<Mutant, never> {
  const pool = poolOf([...seeds.values()]);
  const names = [...seeds.keys()];
  for (;;) {
    const from = pick(names, random);
    const edits: Edit[] = [];
    // Half of them differ in one place, so that one rule decides.
    const wanted = pick([1, 1, 2, 3], random);
    for (let made = 0; made < wanted;) {
      const document = edited(seeds.get(from) ?? null, edits);
      const change = pick(lots, random)(pick(spotsOf(document), random), { random, pool });
      if (change.length === 0) continue;
      edits.push(...change);
      made++;
    }
    yield { from, edits };
  }
}
