import { standard, type Rule } from './language-rules.ts';

const logging = `use: { extensions: [{ logging: { extend: set,
  before: [{ note: { set: { log: '\${ "before \\($task.name)" }' }, export: { as: '\${ $context + { log: (($context.log // []) + ["before \\($task.name) \\($task.reference)"]) } }' } } }],
  after: [{ note: { set: { any: thing }, export: { as: '\${ $context + { log: ($context.log + ["after \\($task.name) \\($task.output | tojson)"]) } }' } } }] } }] }`;

/** Functions and extensions: "Custom Functions" and "Extension". */
export const reusableRules: readonly Rule[] = [
  {
    rule: 'a function runs on what the call gives, with its own schema, output and export',
    definition: `use: { functions: { double: { input: { schema: { document: { type: object, required: [n] } } }, set: { n: '\${ .n * 2 }', input: '\${ $input }' }, output: { as: '\${ { doubled: .n, input } }' }, export: { as: '\${ { last: .doubled } }' } } } }
do: [{ twice: { call: double, with: { n: '\${ .x }' }, output: { as: '\${ . + { context: $context, mine: $input } }' } } }]`,
    input: { x: 4, other: 1 },
    output: { doubled: 8, input: { n: 4 }, context: { last: 8 }, mine: { x: 4, other: 1 } },
    tasks: ['twice', 'double'],
  },
  {
    rule: 'a function without with gets an empty object',
    definition: `use: { functions: { see: { set: { got: '\${ . }' } } } }\ndo: [{ look: { call: see } }]`,
    input: { hidden: 1 },
    output: { got: {} },
  },
  {
    rule: 'a function checks its input, and the fault names the way to it',
    definition: `use: { functions: { double: { input: { schema: { document: { type: object, required: [n] } } }, set: { n: 1 } } } }
do: [{ twice: { call: double, with: { m: 1 } } }]`,
    error: { type: standard('validation'), status: 400, instance: '/do/0/twice/call' },
  },
  {
    rule: 'functions call functions, and each task has a reference of its own',
    definition: `use: { functions: { inner: { do: [{ fail: { raise: { error: { type: 'https://x.test/odd', status: 418 } } } }] }, outer: { do: [{ go: { call: inner } }] } } }
do: [{ start: { try: [{ first: { call: outer } }], catch: { as: problem, do: [{ keep: { set: { instance: '\${ $problem.instance }' } } }] } } }]`,
    output: { instance: '/do/0/start/try/0/first/call/do/0/go/call/do/0/fail' },
    tasks: ['start', 'first', 'outer', 'go', 'inner', 'fail', 'keep'],
  },
  {
    rule: 'a function sees no variables around its call, and its task is its own',
    definition: `use: { functions: { see: { set: { name: '\${ $task.name }', input: '\${ $task.input }' } } } }
do: [{ loop: { for: { in: '\${ [7] }' }, do: [{ look: { call: see, with: { item: '\${ $item }' } } }] } }]`,
    output: { name: 'see', input: { item: 7 } },
  },
  {
    rule: 'the end of the workflow in a function is the end of the workflow',
    definition: `use: { functions: { stop: { do: [{ last: { if: '\${ true }', set: { stopped: true }, then: end } }, { never: { set: { n: 1 } } }] } } }
do: [{ a: { call: stop } }, { b: { set: { n: 2 } } }]`,
    output: { stopped: true },
    tasks: ['a', 'stop', 'last'],
  },
  {
    rule: 'what runs before and after a task changes none of its data, and sees the task',
    definition: `${logging}
output: { as: '\${ { data: ., log: $context.log } }' }
do: [{ one: { set: { n: '\${ .n + 1 }' } } }, { two: { if: '\${ false }', set: { n: 9 } } }]`,
    input: { n: 1 },
    output: { data: { n: 2 }, log: ['before one /do/0/one', 'after one {"n":2}'] },
    tasks: ['one', 'note', 'note', 'two'],
  },
  {
    rule: 'extensions surround the tasks of functions, and not those of extensions',
    definition: `use:
  functions: { one: { set: { n: 1 } }, three: { do: [{ inside: { set: { n: 3 } } }] } }
  extensions: [{ count: { extend: all, before: [{ helper: { call: one } }], after: [{ tick: { set: { x: 1 }, export: { as: '\${ $context + { n: (($context.n // 0) + 1) } }' } } }] } }]
output: { as: '\${ [.n, $context.n] }' }\ndo: [{ go: { call: three } }]`,
    output: [3, 3],
    tasks: [
      'go',
      'helper',
      'one',
      'three',
      'helper',
      'one',
      'inside',
      'helper',
      'one',
      'tick',
      'tick',
      'tick',
    ],
  },
  {
    rule: 'exit before a task stands in for it',
    definition: `use: { extensions: [{ mock: { extend: call, when: '$task.call == "http" and ($task.with.endpoint | startswith("https://mocked.test"))', before: [{ answer: { set: { content: '\${ $task.with.method }' }, then: exit } }], after: [{ never: { set: { n: 1 } } }] } }, { other: { extend: call, before: [{ neither: { set: { x: 1 } } }] } }] }
do: [{ ask: { if: '\${ true }', call: http, with: { method: get, endpoint: 'https://mocked.test/x' }, output: { as: .nothing }, then: last } }, { between: { set: { n: 2 } } }, { last: { set: '\${ . }' } }]`,
    output: { content: 'get' },
    tasks: ['ask', 'answer', 'last'],
  },
  {
    rule: 'exit after a task gives its output',
    definition: `use: { extensions: [{ hide: { extend: set, after: [{ clean: { if: '\${ true }', set: '\${ del(.secret) }', then: exit } }, { never: { set: { x: 1 } } }] } }] }
do: [{ a: { if: '\${ true }', set: { secret: 1, open: 2 }, then: c } }, { b: { set: { b: 1 } } }, { c: { do: [{ d: { wait: { milliseconds: 1 } } }] } }]`,
    output: { open: 2 },
    tasks: ['a', 'clean', 'c', 'd'],
  },
  {
    rule: 'an extension applies by type and by when; a condition that fails does not hold',
    definition: `use: { extensions: [
  { loops: { extend: for, before: [{ l: { set: { x: 1 } } }] } },
  { composites: { extend: composite, before: [{ c: { set: { x: 1 } } }] } },
  { failing: { extend: all, when: '$task.with.endpoint | startswith("x")', before: [{ f: { set: { x: 1 } } }] } },
  { chosen: { extend: set, when: '\${ .n == 1 and $context.go }', before: [{ s: { set: { x: 1 } } }] } } ] }
do: [{ a: { for: { in: '\${ [1] }' }, do: [{ b: { do: [{ d: { set: { n: 1, go: true } } }] } }] } }]`,
    input: { n: 1, go: true },
    output: { n: 1, go: true },
    // What ran in the loop, extensions included, is counted.
    tasks: ['a', 'l'],
  },
  {
    rule: 'a fault before a task is the fault of the task',
    definition: `use: { extensions: [{ guard: { extend: set, before: [{ deny: { raise: { error: { type: 'https://x.test/denied', status: 403 } } } }] } }] }
do: [{ a: { set: { n: 1 } } }]`,
    error: { status: 403, instance: '/use/extensions/0/guard/before/0/deny' },
    tasks: ['a', 'deny'],
  },
  {
    rule: 'end before a task ends the workflow',
    definition: `use: { extensions: [{ stop: { extend: wait, before: [{ last: { set: { stopped: '\${ .n }' }, then: end } }] } }] }
do: [{ a: { wait: { hours: 1 } } }, { b: { set: { n: 1 } } }]`,
    input: { n: 5 },
    output: { stopped: 5 },
  },
];
