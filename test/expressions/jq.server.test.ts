import { readCases } from '../../dsl/expressions/cases/read-cases.ts';
import type { Json } from '../../dsl/json.ts';
import { compareGenerated } from './differential.ts';
import { knownDifferences, mayDiffer } from './known-differences.ts';
import { agree, show } from './outcome.ts';
import type { Outcome, Pair } from './outcome.ts';
import { loadOracle } from './oracle.ts';
import type { Oracle } from './oracle.ts';
import { runPerdure } from './perdure.ts';
import { callsOf } from './program-tree.ts';

const programs = 20_000;
// The same programs in every run, so that one that fails fails for everybody; `npm run test:jq` draws a seed of its own.
const seed = Number(process.env['PERDURE_TEST_SEED'] ?? 1);

const cases = readCases().map(({ line, input, expression, outputs, message, differs }) => ({
  line,
  pair: { program: expression, input },
  recorded: { outputs: JSON.parse(outputs ?? '[]') as Json[], error: message },
  differs,
}));

let oracle: Oracle;

beforeAll(async () => {
  oracle = await loadOracle();
});

async function askJq(pair: Pair): Promise<Outcome> {
  const outcome = await oracle.ask(pair);
  if (outcome === undefined) throw new Error(`jq aborted on ${pair.program}`);
  return outcome;
}

test('expressions agree with jq on every case, which says what jq makes of it, and differ where it says so', async () => {
  const wrong: string[] = [];
  const answers = await oracle.askAll(cases.map(({ pair }) => pair));
  for (const [index, { line, pair, recorded, differs }] of cases.entries()) {
    const jq = answers[index];
    if (jq === undefined) throw new Error(`jq aborted on ${pair.program}`);
    const perdure = runPerdure(pair);
    const doAgree = perdure !== undefined && agree(pair, perdure, jq);
    const isRecorded = recorded.error === undefined ? agree(pair, recorded, jq) : jq.error !== undefined;
    const isRight = differs ? !doAgree && mayDiffer(pair) : doAgree && isRecorded;
    if (!isRight) wrong.push(`${line}\n  perdure ${show(perdure)}\n  jq      ${show(jq)}`);
  }
  expect(wrong).toEqual([]);
}, 300_000);

test('every built-in that jq lists stands in at least two cases, of 600', async () => {
  const { outputs } = await askJq({ program: 'builtins | sort', input: 'null' });
  const differing = knownDifferences.flatMap(({ shownBy }) => shownBy);
  const pairs = [...cases.map(({ pair }) => pair), ...differing];
  const calls = pairs.map(({ program }) => callsOf(program));
  const rare = (outputs[0] as string[]).filter(
    (signature) => calls.filter((called) => called.has(signature)).length < 2,
  );
  expect(rare).toEqual([]);
  expect(cases.length).toBeGreaterThanOrEqual(600);
});

test.each(knownDifferences)('still differs: $reason', async ({ shownBy }) => {
  for (const pair of shownBy) {
    const perdure = runPerdure(pair);
    const doAgree = perdure !== undefined && agree(pair, perdure, await askJq(pair));
    expect({ ...pair, doAgree }).toEqual({ ...pair, doAgree: false });
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
