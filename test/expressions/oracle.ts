import { loadJq } from 'jq-wasm';
import type { Json } from '../../dsl/json.ts';
import type { Outcome, Pair } from './outcome.ts';

/** jq itself, compiled to WebAssembly. */
export interface Oracle {
  /** What jq makes of a pair on its own, or undefined of one that it aborts on. */
  ask(pair: Pair): Promise<Outcome | undefined>;
  /** The same of many pairs, in few calls: most of a call is the compilation of jq's own built-ins. */
  askAll(pairs: readonly Pair[]): Promise<(Outcome | undefined)[]>;
}

type Jq = Awaited<ReturnType<typeof loadJq>>;
type Answer = ReturnType<Jq['raw']>;

const batchSize = 40;

// Lines and labels are counted over the whole program.
const dependsOnPlace = /__loc__|\bbreak\b[^]*\bcatch\b|\bcatch\b[^]*\bbreak\b/;

/** Loads jq. Another instance takes over when one aborts, as it does when its memory is used up. */
export async function loadOracle(): Promise<Oracle> {
  let jq = await loadJq();

  const run = async (input: string, program: string): Promise<Answer | undefined> => {
    try {
      return jq.raw(input, program, ['-c']);
    } catch {
      jq = await loadJq();
      return undefined;
    }
  };

  // The space keeps jq from taking a program like `-1` for an option.
  const ask = async (pair: Pair): Promise<Outcome | undefined> => {
    const answer = await run(pair.input, ` ${pair.program}`);
    if (answer === undefined) return undefined;
    const { stdout, stderr, exitCode } = answer;
    const outputs = stdout.split('\n').filter((line) => line !== '');
    return {
      outputs: outputs.map((line) => JSON.parse(line) as Json),
      error: exitCode === 0 ? undefined : stderr.replace(/^jq: error(?: \(at [^)]*\))?:? ?/, ''),
    };
  };

  const askAll = async (pairs: readonly Pair[]): Promise<(Outcome | undefined)[]> => {
    const outcomes = new Map<Pair, Outcome | undefined>();
    const together = pairs.filter(({ program }) => !dependsOnPlace.test(program));
    for (let at = 0; at < together.length; at += batchSize) {
      const batch = together.slice(at, at + batchSize);
      const answers = await askBatch(batch);
      for (const [index, pair] of batch.entries()) outcomes.set(pair, answers[index]);
    }
    for (const pair of pairs) if (!outcomes.has(pair)) outcomes.set(pair, await ask(pair));
    return pairs.map((pair) => outcomes.get(pair));
  };

  const askBatch = async (pairs: readonly Pair[]): Promise<(Outcome | undefined)[]> => {
    const input = `[${pairs.map((pair) => pair.input).join()}]`;
    const answer = await run(input, pairs.map(asPart).join());
    // One that does not compile, or aborts, takes the others along.
    if (answer?.exitCode !== 0) return askHalves(pairs);
    return outcomesOf(answer.stdout, pairs.length);
  };

  const askHalves = async (pairs: readonly Pair[]): Promise<(Outcome | undefined)[]> => {
    const [only] = pairs;
    if (pairs.length === 1 && only !== undefined) return [await ask(only)];
    const half = pairs.length >> 1;
    return [...(await askBatch(pairs.slice(0, half))), ...(await askBatch(pairs.slice(half)))];
  };

  return { ask, askAll };
}

/** A pair as part of a program on the array of all inputs: `[index, output]`, and `[index, null, error]` at last. */
function asPart({ program }: Pair, index: number): string {
  return `(try (.[${index}]|(${program}\n)|[${index},.]) catch [${index},null,.])`;
}

function outcomesOf(stdout: string, count: number): Outcome[] {
  const outcomes = Array.from({ length: count }, () => ({
    outputs: [] as Json[],
    error: undefined as string | undefined,
  }));
  for (const line of stdout.split('\n')) {
    if (line === '') continue;
    const [index, output, ...error] = JSON.parse(line) as [number, Json, Json?];
    const outcome = outcomes[index];
    if (outcome === undefined) throw new Error(`jq answered about part ${index} of ${count}`);
    if (error.length === 0) outcome.outputs.push(output);
    else outcome.error = typeof error[0] === 'string' ? error[0] : JSON.stringify(error[0]);
  }
  return outcomes;
}
