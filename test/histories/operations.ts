/** Small definitions, one for each thing that a person does to an execution, with what is done. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../../dsl/json.ts';
import type { ApiClient } from '../client.ts';

interface Operated {
  readonly body: string;
  /** More of the document's header; the version too. */
  readonly header?: string;
  readonly input?: Json;
  /** Version 2.0.0 of the definition, deployed when the execution has started. */
  readonly next?: string;
  /** Another definition that it runs, by name. */
  readonly below?: Readonly<Record<string, string>>;
  /** More of the start. */
  readonly more?: object;
  readonly act: (client: ApiClient, id: string) => Promise<void>;
}

// Longer than the second by which timers of the dev server may be late.
const pauseMs = 1_500;

const operate =
  (operation: string, body: Json = {}) =>
  async (client: ApiClient, id: string): Promise<void> => {
    await delay(pauseMs);
    const answer = await client.post(`/v1/executions/${id}/${operation}`, body);
    if (answer.status >= 300) throw new Error(`${operation}: ${answer.status} ${JSON.stringify(answer.body)}`);
  };

const step = (name: string): string =>
  `{ ${name}: { set: { n: 1 }, metadata: { compensate: [{ undo: { call: http, with: { method: get, endpoint: '$SERVICES/stock/teapot' } } }] } } }`;
const pause = '{ pause: { wait: { seconds: 3 } } }';
const ask = `{ ask: { call: http, with: { method: get, endpoint: '\${ "$SERVICES/stock/" + . }' } } }`;

export const operations: Readonly<Record<string, Operated>> = {
  'suspended-and-resumed': {
    body: `do: [{ timed: { timeout: { after: { minutes: 1 } }, do: [${pause}, { give: { set: { n: 1 } } }] } }]`,
    act: async (client, id) => {
      await operate('suspend')(client, id);
      await delay(2 * pauseMs);
      await operate('resume')(client, id);
    },
  },
  'held-and-retried': {
    header: "version: '1.0.0', metadata: { onFault: hold }",
    body: `do: [{ all: { fork: { branches: [${ask}, { long: { wait: { seconds: 5 } } }] } } }]`,
    input: 'nothing',
    act: async (client, id) => {
      await operate('retry')(client, id);
      await operate('retry', { input: 'teapot' })(client, id);
    },
  },
  migrated: {
    body: `do: [${pause}, { give: { set: { n: 1 } } }]`,
    next: `do: [{ new: { set: { n: 0 } } }, ${pause}, { give: { set: { n: 2 } } }]`,
    act: operate('migrate', { version: '2.0.0' }),
  },
  'migrated-with-child': {
    below: { waits: 'do: [{ pause: { wait: { seconds: 6 } } }]' },
    body: `do: [{ below: { run: { workflow: { namespace: manoeuvres, name: waits, version: 1.0.0 } } } }]`,
    next: `do: [{ below: { run: { workflow: { namespace: manoeuvres, name: waits, version: 1.0.0 } } } }, { give: { set: { n: 2 } } }]`,
    act: operate('migrate', { version: '2.0.0' }),
  },
  'undone-after-a-fault': {
    body: `do: [${step('a')}, ${step('b')}, { fail: { raise: { error: { type: 'https://x.test/odd', status: 500, title: Odd } } } }]`,
    act: async () => undefined,
  },
  'undone-after-a-cancellation': {
    body: `do: [${step('a')}, ${step('b')}, ${pause}]`,
    act: operate('cancel', { compensate: true }),
  },
  'undone-in-the-middle-of-a-task': {
    body: `do: [${step('a')}, { long: { run: { script: { language: js, code: 'for (;;) {}' } }, metadata: { compensate: [{ undo: { set: { n: 1 } } }] } } }]`,
    act: operate('cancel'),
  },
  'started-at-a-task': {
    body: `do: [${pause}, { each: { for: { in: '\${ [1, 2, 3] }' }, do: [{ skip: { set: { n: 0 } } }, { add: { set: '\${ . + { item: $item } }' } }] } }]`,
    more: { startAt: { task: '/do/1/each/do/1/add', data: { from: 'here' }, iterations: { '/do/1/each': 1 } } },
    act: async () => undefined,
  },
  'long-script-as-a-child': {
    body: `do: [{ long: { timeout: { after: { minutes: 10 } }, run: { script: { language: js, code: 'console.log(1)' } } } }]`,
    act: async () => undefined,
  },
  'migrated-under-a-lock': {
    body: `do: [{ guarded: { metadata: { lock: { key: histories/migrated } }, do: [${pause}, { give: { set: '\${ $task.lock.token | type }' } }] } }]`,
    next: `do: [{ guarded: { metadata: { lock: { key: histories/migrated } }, do: [${pause}, { more: { set: { n: 1 } } }, { give: { set: '\${ $task.lock.token | type }' } }] } }]`,
    act: operate('migrate', { version: '2.0.0' }),
  },
  'cancelled-under-a-lock': {
    body: `do: [{ guarded: { metadata: { lock: { key: histories/cancelled } }, do: [{ ask: { call: http, with: { method: get, endpoint: '$SERVICES/stock/teapot' } } }, { pause: { wait: { seconds: 30 } } }] } }]`,
    act: operate('cancel'),
  },
};
