/**
 * How fast expressions are: Perdure's jq beside those that JavaScript can call, in rounds that alternate. Every answer
 * is checked before it is timed. Prints CPU time per run, medians, as multiples of the fastest of the others.
 *
 *     npm run bench:expressions [-- --rounds 9]
 */
import { isDeepStrictEqual, parseArgs } from 'node:util';
import type { Json } from '../dsl/json.ts';
import { loadOthers, ours } from './jq-engines.ts';
import type { JqEngine } from './jq-engines.ts';

const usage = `Usage: npm run bench:expressions [-- --rounds 9]

  --rounds N  rounds of which the median counts (default 9)
  --help      this text`;

// Long enough that the clock's own cost and one collection of garbage do not show.
const batchMilliseconds = 40;

interface Case {
  readonly source: string;
  readonly input: Json;
  readonly expected: Json;
}

const items = Array.from({ length: 100 }, (_, n) => ({ n: n % 5, name: `item ${n}` }));

/** What the two ways are measured and compared for. */
const compared: readonly Case[] = [
  { source: '.a.b + 1', input: { a: { b: 41 } }, expected: 42 },
  {
    source: '{x: .items | map(select(.n > 2))}',
    input: { items },
    expected: { x: items.filter(({ n }) => n > 2) },
  },
];

/** What else definitions do, run when compiled. */
const typical: readonly Case[] = [
  { source: '.a.b', input: { a: { b: 41 } }, expected: 41 },
  { source: '.mail | test("^[a-z]+@[a-z.]+$")', input: { mail: 'ada@example.org' }, expected: true },
  {
    source: '"Order \\(.id) of \\(.name)"',
    input: { id: 7, name: 'Ada' },
    expected: 'Order 7 of Ada',
  },
  {
    source: '.order.total |= . * 2',
    input: { order: { id: 7, total: 21 }, state: 'open' },
    expected: { order: { id: 7, total: 42 }, state: 'open' },
  },
  { source: 'reduce .items[] as $item (0; . + $item.n)', input: { items }, expected: 200 },
  {
    source: '.items | sort_by(.n)',
    input: { items },
    expected: items.toSorted((one, other) => one.n - other.n),
  },
  {
    source: '.items | group_by(.n)',
    input: { items },
    expected: [0, 1, 2, 3, 4].map((group) => items.filter(({ n }) => n === group)),
  },
  {
    source: 'to_entries',
    input: { a: 1, b: 2, c: 3 },
    expected: [
      { key: 'a', value: 1 },
      { key: 'b', value: 2 },
      { key: 'c', value: 3 },
    ],
  },
  {
    source: 'fromdate | todate',
    input: '2026-11-22T10:00:00Z',
    expected: '2026-11-22T10:00:00Z',
  },
];

/** One thing to time, and what it took in each round, in nanoseconds. */
interface Contender {
  readonly engine: string;
  readonly run: () => unknown;
  readonly times: number[];
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** CPU time of this process so far, in milliseconds: other processes of the machine count less than with a clock. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Runs for so long, after one run more that warms up; gives nanoseconds a run. */
function time(run: () => unknown, milliseconds: number): number {
  run();
  let runs = 0;
  let chunk = 1;
  const start = cpuTime();
  for (;;) {
    for (let left = chunk; left > 0; left--) run();
    runs += chunk;
    const passed = cpuTime() - start;
    if (passed >= milliseconds) return (passed / runs) * 1e6;
    // The time is asked some ten times a batch.
    chunk = Math.max(1, Math.ceil((runs / Math.max(passed, 0.01)) * (milliseconds / 10)));
  }
}

/** What each engine does with a case, without those that cannot or give another answer. */
function contenders(
  { source, input, expected }: Case,
  engines: readonly JqEngine[],
  once: boolean,
): Contender[] {
  return engines.flatMap((engine) => {
    try {
      const prepared = engine.prepare(source);
      if (!isDeepStrictEqual(JSON.parse(JSON.stringify(prepared(input))), expected)) return [];
      const run = once ? () => engine.prepare(source)(input) : () => prepared(input);
      return [{ engine: engine.name, run, times: [] }];
    } catch {
      return [];
    }
  });
}

/** Times all of them in every round, each round from another one on. */
function race(all: readonly Contender[], rounds: number): void {
  for (const { run } of all) time(run, batchMilliseconds);
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < all.length; place++) {
      const contender = all[(place + round) % all.length];
      contender?.times.push(time(contender.run, batchMilliseconds));
    }
  }
}

/** Two digits count. */
function ratio(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toPrecision(2);
}

/** A row of the table: ours in microseconds, then everyone as a multiple of the fastest of the others. */
function row(title: string, all: readonly Contender[], engines: readonly JqEngine[]): string {
  const medians = new Map(all.map(({ engine, times }) => [engine, median(times)]));
  const mine = medians.get(ours.name);
  if (mine === undefined) throw new Error(`${title}: Perdure gives the wrong answer`);
  const fastest = Math.min(
    ...all.filter(({ engine }) => engine !== ours.name).map(({ times }) => median(times)),
  );
  const ratios = engines.map(({ name }) => {
    const own = medians.get(name);
    return own === undefined ? '–' : ratio(own / fastest);
  });
  return `| ${[`\`${title.replaceAll('|', '\\|')}\``, (mine / 1000).toFixed(2), ...ratios].join(' | ')} |`;
}

function table(
  title: string,
  cases: readonly Case[],
  engines: readonly JqEngine[],
  once: boolean,
  rounds: number,
): void {
  console.log(`\n| ${[title, 'Perdure, µs', ...engines.map(({ name }) => name)].join(' | ')} |`);
  console.log(`| --- | ${engines.map(() => '---').join(' | ')} | --- |`);
  for (const each of cases) {
    const all = contenders(each, engines, once);
    race(all, rounds);
    console.log(row(each.source, all, engines));
  }
}

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, help: { type: 'boolean', default: false } },
});
const rounds = Number(values.rounds);
if (values.help) console.log(usage);
else if (!(Number.isInteger(rounds) && rounds > 0)) {
  console.error(`--rounds must be a whole number from 1 on\n\n${usage}`);
  process.exitCode = 2;
} else {
  const engines = [ours, ...(await loadOthers())];
  console.log(
    `CPU time as multiples of the fastest of the others, medians of ${rounds} rounds, Node ${process.version}`,
  );
  table('compiled before', compared, engines, false, rounds);
  table('compiled and run once', compared, engines, true, rounds);
  table('compiled before, for information', typical, engines, false, rounds);
}
