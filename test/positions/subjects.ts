/** One task of each type, as the thing under way that operations disturb. */
import type { Json, JsonObject } from '../../dsl/json.ts';
import { ask, isOff, listed, schema, type Place, type Task } from './place.ts';

export interface Subject {
  readonly name: string;
  /** The task `subject`. */
  task(place: Place): JsonObject;
  /** Tasks right behind it, which it jumps over. */
  readonly behind?: readonly Task[];
  /**
   * Where the disturbance meets it: `boundary` before it, while the gate is asked; `call` while the partner is asked
   * for `step`, `wait` while it waits for time or an event.
   */
  readonly stands: 'boundary' | 'call' | 'wait';
  /** The request, with its turn, that is held or refused. */
  readonly step?: string;
  /** The failing task's input, made of good data. */
  readonly edited?: (data: Json) => Json;
  /** What it adds to the trail in a turn. */
  readonly trail: (turn: number) => readonly string[];
  /** By how much it raises `n`; 1 when absent. */
  readonly counts?: number;
  /** In the disturbed turn it is an error, which ends the execution unless something catches it. */
  readonly raises?: true;
  /** A run that is to end leaves it under way. */
  readonly outlivesRun?: true;
}

/** Counts the subject, and says that it ran. */
const mark = (name: string, data = '.'): JsonObject => ({
  as: `\${ ${data} | .n += 1 | .trail += ["${name}"] }`,
});
/** The value of a jq expression, and an error where the data are off. */
const guarded = (value: string): string => `if ${isOff} then error("not yet") else ${value} end`;

export const subjects: readonly Subject[] = [
  {
    name: 'call',
    task: (place) => ({ ...ask(place, 'subject'), output: mark('call') }),
    trail: () => ['call'],
    stands: 'call',
    step: 'subject/1',
  },
  {
    name: 'call function',
    task: ({ turn }) => ({
      call: 'echo',
      with: { turn: `\${ ${turn} }`, data: '${ . }' },
      output: mark('function'),
    }),
    trail: () => ['function'],
    stands: 'call',
    step: 'subject/1',
    edited: (data) => ({ turn: 1, data }),
  },
  {
    name: 'do',
    task: (place) => ({
      do: listed({
        first: ask(place, 'first'),
        middle: ask(place, 'subject'),
        last: { set: '${ .trail += ["last"] }' },
      }),
      output: mark('do'),
    }),
    trail: () => ['last', 'do'],
    stands: 'call',
    step: 'subject/1',
  },
  {
    name: 'emit',
    task: ({ id, turn }) => ({
      input: { schema },
      emit: {
        event: {
          with: {
            source: 'https://positions.test',
            type: 'positions.told',
            subject: `\${ "${id}/subject/" + (${turn} | tostring) }`,
            data: '${ . }',
          },
        },
      },
      output: mark('emit', '$input'),
    }),
    trail: () => ['emit'],
    stands: 'call',
    step: 'subject/1',
  },
  {
    name: 'for',
    task: (place) => {
      const turn = `(${place.turn} | tostring) + "." + ($part | tostring)`;
      return {
        for: { each: 'part', in: '${ [range(3)] }' },
        do: [{ part: { ...ask(place, 'subject', { turn }), output: mark('part') } }],
        output: mark('for'),
      };
    },
    trail: () => ['part', 'part', 'part', 'for'],
    counts: 4,
    stands: 'call',
    step: 'subject/1.1',
  },
  {
    name: 'fork',
    task: (place) => ({
      fork: {
        branches: listed({
          left: ask(place, 'subject'),
          middle: { set: '${ "middle" }' },
          right: { do: listed({ nap: { wait: { milliseconds: 1 } }, rest: { set: '${ "right" }' } }) },
        }),
      },
      output: { as: '${ . as $all | $all[0] | .n += 1 | .trail += ["fork", $all[1], $all[2]] }' },
    }),
    trail: () => ['fork', 'middle', 'right'],
    stands: 'call',
    step: 'subject/1',
  },
  {
    name: 'fork that competes',
    task: (place) => ({
      input: { schema },
      fork: {
        compete: true,
        branches: listed({
          lost: { raise: { error: { type: 'https://positions.test/lost', status: 500, title: 'Lost' } } },
          left: ask(place, 'subject'),
        }),
      },
      output: mark('race'),
    }),
    trail: () => ['race'],
    stands: 'call',
    step: 'subject/1',
  },
  {
    name: 'listen',
    task: (place) => ({
      listen: { to: { one: { with: { type: 'positions.asked', subject: place.id } } } },
      foreach: {
        item: 'event',
        do: [{ heard: { ...ask(place, 'subject'), output: mark('event', '.trail += [$event]') } }],
      },
      output: mark('listen', '.[0]'),
    }),
    trail: (turn) => [`event ${turn}`, 'event', 'listen'],
    counts: 2,
    outlivesRun: true,
    stands: 'wait',
    step: 'subject/1',
  },
  {
    name: 'raise',
    task: ({ turn }) => ({
      if: `\${ (${turn}) == 1 and .calm != true }`,
      input: { schema },
      raise: { error: { type: 'https://positions.test/raised', status: 418, title: 'Raised' } },
    }),
    trail: () => [],
    counts: 0,
    stands: 'boundary',
    raises: true,
    edited: (data) => ({ ...(data as JsonObject), calm: true }),
  },
  {
    name: 'run workflow',
    task: ({ id, turn }) => {
      const input = { execution: id, turn: `\${ ${turn} }`, data: '${ . }' };
      const workflow = { namespace: 'positions', name: 'child', version: 'latest', input };
      return { input: { schema }, run: { workflow }, output: mark('child') };
    },
    trail: () => ['in the child', 'child'],
    outlivesRun: true,
    stands: 'call',
    step: 'subject/1',
  },
  {
    name: 'run script',
    task: () => ({
      input: { schema },
      run: {
        script: {
          language: 'js',
          arguments: [`\${ if ${isOff} then "off" else (.n | tostring) end }`],
          code: 'if (process.argv[2] === "off") process.exit(3);\nconsole.log(Number(process.argv[2]) + 1);',
        },
      },
      output: {
        as: '${ . as $printed | $input | .n = ($printed | rtrimstr("\\n") | tonumber) | .trail += ["script"] }',
      },
    }),
    trail: () => ['script'],
    stands: 'boundary',
  },
  {
    name: 'set',
    task: () => ({ input: { schema }, set: `\${ ${guarded('.')} }`, output: mark('set') }),
    trail: () => ['set'],
    stands: 'boundary',
  },
  {
    name: 'switch',
    task: () => ({
      input: { schema },
      switch: listed({
        right: { when: `\${ ${guarded('.n >= 0')} }`, then: 'after' },
        wrong: { then: 'wrong' },
      }),
      output: mark('switch'),
    }),
    behind: listed({ wrong: { set: '${ .trail += ["wrong"] }' } }),
    trail: () => ['switch'],
    stands: 'boundary',
  },
  {
    name: 'try',
    task: (place) => ({
      try: [{ attempted: ask(place, 'stumble') }],
      catch: {
        errors: { with: { status: 503 } },
        retry: { delay: { milliseconds: 10 }, limit: { attempt: { count: 3 } } },
      },
      output: mark('try'),
    }),
    trail: () => ['try'],
    stands: 'call',
    step: 'stumble/1',
  },
  {
    name: 'wait',
    task: ({ turn, pause }) => ({
      input: { schema },
      wait: `\${ ${guarded(`if (${turn}) == 1 then "${pause}" else "PT0.01S" end`)} }`,
      output: mark('wait'),
    }),
    trail: () => ['wait'],
    outlivesRun: true,
    stands: 'wait',
  },
];

/** The function that `call function` calls. */
export const functions = ({ id, url }: Place): JsonObject => ({
  echo: {
    input: {
      schema: {
        document: { type: 'object', required: ['data'], properties: { data: schema['document'] ?? {} } },
      },
    },
    call: 'http',
    with: {
      method: 'post',
      endpoint: `\${ "${url}/${id}/subject/" + (.turn | tostring) }`,
      body: '${ .data }',
    },
  },
});

/** The definition that `run workflow` runs. */
export const child = (url: string): JsonObject => ({
  document: { dsl: '1.0.3', namespace: 'positions', name: 'child', version: '1.0.0' },
  do: [
    { first: { set: '${ . }' } },
    {
      work: {
        input: {
          schema: {
            document: { type: 'object', required: ['data'], properties: { data: schema['document'] ?? {} } },
          },
        },
        call: 'http',
        with: {
          method: 'post',
          endpoint: `\${ "${url}/\\(.execution)/subject/\\(.turn)" }`,
          body: '${ .data }',
        },
      },
    },
    { last: { set: '${ .trail += ["in the child"] }' } },
  ],
});
