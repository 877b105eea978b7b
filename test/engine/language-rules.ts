import type { Json } from '../../dsl/json.ts';

/** One rule of the language: a definition without its header, and how it has to end. */
export interface Rule {
  readonly rule: string;
  readonly definition: string;
  readonly input?: Json;
  readonly output?: Json;
  /** Members that the error must have. */
  readonly error?: Readonly<Record<string, Json>>;
  /** Names of the tasks in the order of their start, where the rule is about that. */
  readonly tasks?: readonly string[];
}

/** The URI of a standard error type. */
export const standard = (name: string): string =>
  `https://open-workflow-specification.org/spec/1.0.0/errors/${name}`;

export const rules: readonly Rule[] = [
  {
    rule: 'tasks hand their output on',
    definition: `do: [{ a: { set: { n: 1 } } }, { b: { set: { n: '\${ .n + 1 }' } } }]`,
    output: { n: 2 },
    tasks: ['a', 'b'],
  },
  {
    rule: 'a skipped task hands on its raw input and its then is not taken',
    definition: `do: [{ a: { if: '\${ .run }', set: { n: 1 }, then: end } }, { b: { set: { n: '\${ .n + 1 }' } } }]`,
    input: { run: false, n: 5 },
    output: { n: 6 },
  },
  {
    rule: 'then jumps within its list',
    definition: `do: [{ a: { set: { l: [a] }, then: c } }, { b: { set: { l: '\${ .l + ["b"] }' }, then: end } }, { c: { set: { l: '\${ .l + ["c"] }' }, then: b } }]`,
    output: { l: ['a', 'c', 'b'] },
    tasks: ['a', 'c', 'b'],
  },
  {
    rule: 'exit ends the list, end the workflow',
    definition: `do: [{ outer: { do: [{ a: { set: { n: 1 } } }, { leave: { switch: [{ always: { when: '\${ true }', then: exit } }] } }, { b: { set: { n: 99 } } }] } }, { c: { do: [{ d: { set: { n: '\${ .n + 1 }' } } }, { stop: { switch: [{ always: { when: '\${ true }', then: end } }] } }, { e: { set: { n: 99 } } }] } }, { f: { set: { n: 99 } } }]`,
    output: { n: 2 },
    tasks: ['outer', 'a', 'leave', 'c', 'd', 'stop'],
  },
  {
    rule: 'a text to set is an expression',
    definition: `do: [{ a: { set: .kept } }]`,
    input: { kept: [1] },
    output: [1],
  },
  {
    rule: 'for chains its iterations and numbers them',
    definition: `do: [{ loop: { for: { each: word, in: '\${ .words }', at: position }, do: [{ join: { set: { words: [], text: '\${ (.text // "") + "\\($position)\\($word)" }' } } }] } }]`,
    input: { words: ['a', 'b', 'c'] },
    output: { words: [], text: '0a1b2c' },
  },
  {
    rule: 'for stops when while is false',
    definition: `do: [{ loop: { for: { in: '\${ [1, 2, 3, 4] }' }, while: '\${ (.sum // 0) < 3 }', do: [{ add: { set: { sum: '\${ (.sum // 0) + $item }' } } }] } }]`,
    input: {},
    output: { sum: 3 },
  },
  {
    rule: 'for over what is no array faults',
    definition: `do: [{ loop: { for: { in: .missing }, do: [{ nothing: { set: { a: 1 } } }] } }]`,
    input: {},
    error: { type: standard('expression'), status: 400, instance: '/do/0/loop' },
  },
  {
    rule: 'fork gathers outputs in order',
    definition: `do: [{ both: { fork: { branches: [{ slow: { do: [{ pause: { wait: { milliseconds: 50 } } }, { one: { set: { n: 1 } } }] } }, { fast: { set: { n: 2 } } }] } } }]`,
    output: [{ n: 1 }, { n: 2 }],
  },
  {
    rule: 'a competing fork has one winner and cancels the others',
    definition: `do: [{ race: { fork: { compete: true, branches: [{ slow: { wait: { hours: 1 } } }, { fast: { set: { n: 2 } } }] } } }]`,
    output: { n: 2 },
  },
  {
    rule: 'a competing branch that faults is out of the race',
    definition: `do: [{ race: { fork: { compete: true, branches: [{ bad: { raise: { error: { type: 'https://x.test/bad', status: 500 } } } }, { good: { do: [{ pause: { wait: { milliseconds: 20 } } }, { done: { set: { n: 3 } } }] } }] } } }]`,
    output: { n: 3 },
  },
  {
    rule: 'the first fault of a fork cancels the other branches',
    definition: `do: [{ both: { fork: { branches: [{ slow: { wait: { hours: 1 } } }, { bad: { raise: { error: { type: 'https://x.test/bad', status: 418, title: Bad } } } }] } } }]`,
    error: {
      type: 'https://x.test/bad',
      status: 418,
      title: 'Bad',
      instance: '/do/0/both/fork/branches/1/bad',
    },
  },
  {
    rule: 'try retries with a durable back-off, then handles the error',
    definition: `do: [{ risky: { try: [{ bad: { raise: { error: { type: 'https://x.test/bad', status: 503, detail: '\${ "no \\(.thing)" }' } } } }], catch: { errors: { with: { status: 503 } }, as: problem, retry: { delay: { milliseconds: 10 }, limit: { attempt: { count: 2 } } }, do: [{ keep: { set: { detail: '\${ $problem.detail }', instance: '\${ $problem.instance }' } } }] } } }]`,
    input: { thing: 'luck' },
    output: { detail: 'no luck', instance: '/do/0/risky/try/0/bad' },
    tasks: ['risky', 'bad', 'bad', 'bad', 'keep'],
  },
  {
    rule: 'an error that retries could not mend goes on when nothing handles it',
    definition: `do: [{ risky: { try: [{ bad: { raise: { error: { type: 'https://x.test/bad', status: 503 } } } }], catch: { retry: { limit: { attempt: { count: 1 } } } } } }]`,
    error: { type: 'https://x.test/bad', status: 503, instance: '/do/0/risky/try/0/bad' },
    tasks: ['risky', 'bad', 'bad'],
  },
  {
    rule: 'a caught error without anything to do leaves the input',
    definition: `do: [{ risky: { try: [{ bad: { raise: { error: { type: 'https://x.test/bad', status: 503 } } } }], catch: {} } }]`,
    input: { kept: true },
    output: { kept: true },
  },
  {
    rule: 'the filter takes both names of a standard error type',
    definition: `do: [{ risky: { try: [{ bad: { raise: { error: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/timeout', status: 408 } } } }], catch: { errors: { with: { type: 'https://open-workflow-specification.org/dsl/errors/types/timeout' } }, then: end } } }]`,
    input: 1,
    output: 1,
  },
  {
    rule: 'exceptWhen lets an error pass',
    definition: `do: [{ risky: { try: [{ bad: { raise: { error: { type: 'https://x.test/bad', status: 500 } } } }], catch: { exceptWhen: '\${ $error.status == 500 }' } } }]`,
    error: { status: 500 },
  },
  {
    rule: 'catch.then overrides where the task goes',
    definition: `do: [{ risky: { try: [{ bad: { raise: { error: { type: 'https://x.test/bad', status: 500 } } } }], catch: { then: mend } } }, { skipped: { set: { n: 1 } } }, { mend: { set: { n: 2 } } }]`,
    input: {},
    output: { n: 2 },
    tasks: ['risky', 'bad', 'mend'],
  },
  {
    rule: 'a task timeout interrupts what runs and can be caught',
    definition: `do: [{ risky: { try: [{ slow: { timeout: { after: { milliseconds: 50 } }, wait: { hours: 1 } } }], catch: { errors: { with: { type: '${standard('timeout')}', status: 408 } }, do: [{ late: { set: { late: true } } }] } } }]`,
    output: { late: true },
  },
  {
    rule: 'a workflow timeout faults the workflow',
    definition: `timeout: { after: { milliseconds: 50 } }\ndo: [{ slow: { wait: PT1H } }]`,
    error: { type: standard('timeout'), status: 408 },
  },
  {
    rule: 'input.from, output.as and export.as shape the data in that order',
    definition: `input: { from: .order }\noutput: { as: '\${ { result: ., context: $context } }' }\ndo: [{ a: { input: { from: '\${ { id } }' }, set: { seen: '\${ . }', raw: '\${ $task.input.name }' }, output: { as: '\${ .seen + { raw } }' }, export: { as: '\${ { kept: .id } }' } } }]`,
    input: { order: { id: 7, name: 'n' } },
    output: { result: { id: 7, raw: 'n' }, context: { kept: 7 } },
  },
  {
    rule: 'a broken task input schema faults with the place',
    definition: `do: [{ a: { input: { schema: { document: { type: object, required: [id] } } }, set: { n: 1 } } }]`,
    input: {},
    error: { type: standard('validation'), status: 400, instance: '/do/0/a' },
  },
  {
    rule: 'an expression that fails faults with the place',
    definition: `do: [{ a: { set: { n: '\${ .text + 1 }' } } }]`,
    input: { text: 'x' },
    error: { type: standard('expression'), status: 400, instance: '/do/0/a' },
  },
  {
    rule: 'loose mode tries every text and keeps what is no expression',
    definition: `evaluate: { mode: loose }\ndo: [{ a: { set: { n: '.n + 1', text: 'just words here' } } }]`,
    input: { n: 1 },
    output: { n: 2, text: 'just words here' },
  },
  {
    rule: 'switch without a match goes on as the task says',
    definition: `do: [{ choose: { switch: [{ never: { when: '\${ false }', then: b } }], then: c } }, { b: { set: { n: 1 } } }, { c: { set: { n: 3 } } }]`,
    output: { n: 3 },
    tasks: ['choose', 'c'],
  },
  {
    rule: 'emit gives the event it published',
    definition: `do: [{ tell: { emit: { event: { with: { source: 'https://x.test', type: test.done, id: '\${ .id }', data: { n: 1 } } } }, output: { as: '\${ del(.time) }' } } }]`,
    input: { id: 'event-1' },
    output: {
      specversion: '1.0',
      id: 'event-1',
      source: 'https://x.test',
      type: 'test.done',
      datacontenttype: 'application/json',
      data: { n: 1 },
    },
  },
];
