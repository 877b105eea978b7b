/**
 * Compares generated expressions with jq itself, and prints where they differ.
 *
 *     npm run test:jq [-- --programs 20000 --seed 1]
 */
import { parseArgs } from 'node:util';
import { compareGenerated } from './differential.ts';
import { loadOracle } from './oracle.ts';
import { show } from './outcome.ts';

const { values } = parseArgs({
  options: { programs: { type: 'string', default: '20000' }, seed: { type: 'string' } },
});
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
const started = performance.now();
const tally = await compareGenerated(await loadOracle(), seed, Number(values.programs));
for (const { pair, perdure, jq } of tally.disagreements) {
  console.log(
    `input    ${pair.input}\nprogram  ${pair.program}\nperdure  ${show(perdure)}\njq       ${show(jq)}\n`,
  );
}
const share = Math.round((100 * tally.succeeded) / tally.compared);
const seconds = Math.round((performance.now() - started) / 1000);
console.log(
  `seed ${seed}: ${tally.compared} programs in ${seconds} s, ${share} % without error, ` +
    `${tally.beyondLimits} more beyond the limits, ${tally.disagreements.length} differences`,
);
if (tally.disagreements.length > 0) process.exitCode = 1;
