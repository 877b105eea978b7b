import { readCases } from '../../dsl/expressions/cases/read-cases.ts';
import type { Json } from '../../dsl/json.ts';
import { callsOf } from './program-tree.ts';
import { compareGenerated } from './differential.ts';
import { knownDifferences } from './known-differences.ts';
import { agree, show } from './outcome.ts';
import type { Outcome, Pair } from './outcome.ts';
import { loadOracle } from './oracle.ts';
import type { Oracle } from './oracle.ts';
import { runPerdure } from './perdure.ts';

const programs = 20_000;
const seed = Number(process.env['PERDURE_TEST_SEED'] ?? Date.now() % 1_000_000);

const cases = readCases().map(({ line, input, expression, outputs, message }) => ({
  line,
  pair: { program: expression, input },
  recorded: { outputs: JSON.parse(outputs ?? '[]') as Json[], error: message },
}));

let oracle: Oracle;

async function askJq(pair: Pair): Promise<Outcome> {
  return (await oracle.ask(pair)) ?? { outputs: [], error: 'jq aborted' };
}

beforeAll(async () => {
  oracle = await loadOracle();
});

test('jq still gives what the cases say', async () => {
  const wrong: string[] = [];
  for (const { line, pair, recorded } of cases) {
    const jq = await askJq(pair);
    const sameOutputs = recorded.error !== undefined || agree(pair, recorded, jq);
    if (!sameOutputs || (recorded.error === undefined) !== (jq.error === undefined)) {
      wrong.push(`${line}\n  jq: ${show(jq)}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('expressions agree with jq on every case, outputs before an error included', async () => {
  const wrong: string[] = [];
  for (const { line, pair } of cases) {
    const jq = await askJq(pair);
    const perdure = runPerdure(pair);
    if (perdure === undefined || !agree(pair, perdure, jq)) wrong.push(`${line}\n  jq: ${show(jq)}`);
  }
  expect(wrong).toEqual([]);
});

test('every built-in that jq lists stands in at least two cases, of 600', async () => {
  const { outputs } = await askJq({ program: 'builtins | sort', input: 'null' });
  const refused = knownDifferences.flatMap(({ shownBy }) => shownBy);
  const calls = [...cases.map(({ pair }) => pair), ...refused].map(({ program }) => callsOf(program));
  const missing = (outputs[0] as string[])
    .map((signature) => [signature, calls.filter((called) => called.has(signature)).length] as const)
    .filter(([, count]) => count < 2);
  expect(missing).toEqual([]);
  expect(cases.length).toBeGreaterThanOrEqual(600);
});

test.each(knownDifferences)('still differs: $reason', async ({ shownBy, concerns }) => {
  for (const pair of shownBy) {
    const perdure = runPerdure(pair);
    const same = perdure !== undefined && agree(pair, perdure, await askJq(pair));
    expect({ ...pair, same, concerned: concerns(pair) }).toMatchObject({ same: false });
  }
});

test(`${programs} generated programs agree with jq, seed ${seed}`, async () => {
  const tally = await compareGenerated(oracle, seed, programs);
  const disagreements = tally.disagreements.map(
    ({ pair, perdure, jq }) =>
      `${pair.input} @ ${pair.program}\n  perdure ${show(perdure)}\n  jq      ${show(jq)}`,
  );
  expect(disagreements).toEqual([]);
  expect(tally.compared).toBe(programs);
  expect(tally.succeeded / tally.compared).toBeGreaterThan(0.6);
}, 300_000);
