/** What an execution keeps when it continues as new: each case runs twice, in one run and in many. */
import { join } from 'node:path';
import type { Json } from '../../dsl/json.ts';
import { Refusal, startPartner, type Partner } from '../partner.ts';
import { startDefinitionService, type DefinitionService } from './definition-service.ts';

const root = join(__dirname, '../..');
let partner: Partner;
let service: DefinitionService;

beforeAll(async () => {
  partner = await startPartner(async ({ path, body }) => {
    const times = partner.log.filter((request) => request.path === path).length;
    if (path.startsWith('/third-time') && times < 3) throw new Refusal(503);
    return { body };
  });
  service = await startDefinitionService(root, [new URL(partner.url).host]);
}, 120_000);

afterAll(async () => {
  await service?.close();
  await partner?.close();
});

interface Row {
  readonly rule: string;
  readonly definition: () => string;
  readonly input?: Json;
  readonly output: Json;
}

const pause = `{ pause: { wait: { milliseconds: 1 } } }`;
const call = (path: string): string =>
  `call: http, with: { method: post, endpoint: '${partner.url}/${path}' }`;

const counting = `{ set: { x: 1 }, export: { as: '\${ $context + { n: ($context.n + 1) } }' } }`;

const rows: readonly Row[] = [
  {
    rule: 'a loop keeps the null that an iteration gave',
    definition: () =>
      `do: [{ loop: { for: { in: '\${ [range(4)] }' }, do: [${pause}, { none: { set: '\${ if . == null then null else null end }' } }] } }]`,
    input: { first: true },
    output: null,
  },
  {
    rule: 'the collection of a loop is the one of its start, though the context was null then',
    definition: () =>
      `do: [{ clear: { set: { n: 0 }, export: { as: '\${ null }' } } }, { loop: { for: { in: '\${ if $context == null then [range(5)] else [] end }' }, do: [${pause}, { add: { set: { n: '\${ .n + 1 }' }, export: { as: '\${ { n: .n } }' } } }] } }]`,
    output: { n: 5 },
  },
  {
    rule: 'a collection written as a list keeps the context of its start',
    definition: () =>
      `do: [{ begin: { set: { seen: [] }, export: { as: '\${ "old" }' } } }, { loop: { for: { in: [{ c: '\${ $context }' }, { c: '\${ $context }' }, { c: '\${ $context }' }, { c: '\${ $context }' }, { c: '\${ $context }' }] }, do: [${pause}, { add: { set: { seen: '\${ .seen + [$item.c] }' }, export: { as: '\${ "new" }' } } }] } }]`,
    output: { seen: ['old', 'old', 'old', 'old', 'old'] },
  },
  {
    rule: 'a competing branch that faulted stays out of the race and does not call again',
    definition: () =>
      `do: [{ race: { fork: { compete: true, branches: [
         { bad: { do: [{ ask: { ${call('raced')} } }, { fail: { raise: { error: { type: 'https://x.test/bad', status: 500 } } } }] } },
         { good: { do: [{ loop: { for: { in: '\${ [range(5)] }' }, do: [${pause}] } }, { done: { set: { n: 3 } } }] } } ] } } }]`,
    output: { n: 3 },
  },
  {
    rule: 'a try keeps its attempt, and what catch.do has done',
    definition: () =>
      `do: [{ risky: { try: [${pause}, { bad: { raise: { error: { type: 'https://x.test/bad', status: 503 } } } }], catch: { as: problem, retry: { delay: { milliseconds: 2 }, limit: { attempt: { count: 4 } } }, do: [${pause}, { loop: { for: { in: '\${ [range(4)] }' }, do: [${pause}, { add: { set: { n: '\${ .n + 1 }', status: '\${ $problem.status }' } } }] } }] } } }]`,
    input: { n: 0 },
    output: { n: 4, status: 503 },
  },
  {
    rule: 'nested loops and branches go on where they were',
    definition: () =>
      `do: [{ outer: { for: { each: x, in: '\${ [1, 2] }' }, do: [{ both: { fork: { branches: [
        { left: { for: { each: y, in: '\${ [1, 2, 3] }' }, do: [${pause}, { add: { set: { l: '\${ (.l // []) + [[$x, $y]] }' } } }] } },
        { right: { set: { r: '\${ $x }' } } } ] }, output: { as: '\${ { l: .[0].l, r: .[1].r } }' } } }] } }]`,
    input: {},
    output: {
      l: [
        [1, 1],
        [1, 2],
        [1, 3],
        [2, 1],
        [2, 2],
        [2, 3],
      ],
      r: 2,
    },
  },
  {
    rule: 'functions go on with the arguments that they got',
    definition: () =>
      `use: { functions: { sum: { do: [${pause}, { loop: { for: { in: '\${ [range(4)] }' }, do: [${pause}, { add: { set: { n: '\${ .n + 1 }' } } }] } }] } } }
do: [{ first: { call: sum, with: { n: '\${ $context.n }' }, export: { as: '\${ { n: 100 } }' } } }, { second: { call: sum, with: { n: '\${ .n * 10 }' } } }]`,
    input: { n: 1 },
    output: { n: 54 },
  },
  {
    rule: 'extensions go on where they were: before, in and after the task',
    definition: () =>
      `use: { extensions: [{ slow: { extend: for, when: '\${ $context.n == 0 }', before: [${pause}, { nap: { wait: { milliseconds: 1 } } }, { count: ${counting} }], after: [${pause}, { count: ${counting} }] } }] }
output: { as: '\${ { data: ., n: $context.n } }' }
do: [{ loop: { for: { in: '\${ [range(3)] }' }, do: [${pause}, { add: { set: { sum: '\${ .sum + 1 }' } } }] } }, { again: { for: { in: '\${ [range(3)] }' }, do: [${pause}, { add: { set: { sum: '\${ .sum + 1 }' } } }] } }]`,
    input: { n: 0, sum: 0 },
    output: { data: { sum: 6 }, n: 2 },
  },
];

test.each(rows)(
  '$rule',
  async ({ definition, input = {}, output }) => {
    const before = partner.log.length;
    const whole = await service.ended(await service.start(definition(), input));
    const calls = partner.log.length - before;
    const parts = await service.ended(await service.start(definition(), input, { historyEvents: 12 }));
    expect([whole.output, whole.error]).toEqual([output, undefined]);
    expect([parts.output, parts.error]).toEqual([output, undefined]);
    // Numbers go on, nothing is run twice, and what is no longer listed is counted.
    const seqs = parts.report.tasks.map((task) => task.seq);
    expect(seqs).toEqual(seqs.toSorted((left, right) => left - right));
    const total = (report: typeof whole.report): number => report.tasks.length + report.omittedTasks;
    expect(parts.report.omittedTasks).toBeGreaterThan(0);
    expect(total(parts.report)).toBe(total(whole.report));
    expect(partner.log.length - before).toBe(2 * calls);
  },
  60_000,
);

// Each of these ends its runs before other tasks.
test.each([16, 18, 20, 22, 24, 26])(
  'a call has one key in all attempts of a try, with runs of %i events',
  async (historyEvents) => {
    const path = `third-time-${historyEvents}`;
    const policy = `catch: { retry: { delay: { milliseconds: 1 }, limit: { attempt: { count: 3 } } } }`;
    const body = `do: [{ risky: { try: [{ first: { ${call('first')} } }, { second: { ${call(path)} } }], ${policy} } }]`;
    const { error } = await service.ended(await service.start(body, {}, { historyEvents }));
    expect(error).toBeUndefined();
    const calls = partner.log.filter((request) => request.path === `/${path}`);
    expect([calls.length, new Set(calls.map(({ key }) => key)).size]).toEqual([3, 1]);
  },
  60_000,
);
