import { generatePair } from './generator/program.ts';
import { Random } from './generator/random.ts';
import { mayDiffer } from './known-differences.ts';
import { agree } from './outcome.ts';
import type { Outcome, Pair } from './outcome.ts';
import type { Oracle } from './oracle.ts';
import { runPerdure } from './perdure.ts';

/** A pair of which the two engines make different things. */
export interface Disagreement {
  readonly pair: Pair;
  readonly perdure: Outcome;
  readonly jq: Outcome;
}

/** What a run of generated programs came to. */
export interface Tally {
  readonly compared: number;
  /** Of those compared, how many ended without an error. */
  readonly succeeded: number;
  /** Programs beyond the limits of either engine, which came on top. */
  readonly beyondLimits: number;
  readonly disagreements: readonly Disagreement[];
}

const batchSize = 40;
const maxDisagreements = 20;

/** Compares that many programs which the seed determines. */
export async function compareGenerated(oracle: Oracle, seed: number, programs: number): Promise<Tally> {
  const random = new Random(seed);
  const tally = { compared: 0, succeeded: 0, beyondLimits: 0, disagreements: [] as Disagreement[] };
  while (tally.compared < programs && tally.disagreements.length < maxDisagreements) {
    const batch: { pair: Pair; perdure: Outcome }[] = [];
    while (batch.length < Math.min(batchSize, programs - tally.compared)) {
      const pair = generatePair(random);
      if (mayDiffer(pair)) continue;
      const perdure = runPerdure(pair);
      if (perdure === undefined) tally.beyondLimits++;
      else batch.push({ pair, perdure });
    }
    const answers = await oracle.askAll(batch.map(({ pair }) => pair));
    for (const [index, { pair, perdure }] of batch.entries()) {
      const jq = answers[index];
      if (jq === undefined) {
        tally.beyondLimits++;
        continue;
      }
      tally.compared++;
      if (jq.error === undefined) tally.succeeded++;
      if (!agree(pair, perdure, jq)) tally.disagreements.push({ pair, perdure, jq });
    }
  }
  return tally;
}
