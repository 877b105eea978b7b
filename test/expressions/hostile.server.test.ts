/** Expressions that a stranger wrote, on a real worker: each faults its own execution, soon, and harms nothing else. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endless, refused } from '../../dsl/expressions/cases/hostile.ts';
import { apiClient, type ApiClient, type Execution } from '../client.ts';
import { gauge } from '../gauge.ts';
import { startService, type Service } from '../service-process.ts';

const root = join(__dirname, '../..');
// Temporal gives up a workflow task that holds its thread for 2 seconds.
const mostMilliseconds = 1_500;
const mostBytes = 2 * 1024 ** 3;
let service: Service;
let api: ApiClient;

beforeAll(async () => {
  service = await startService(root);
  api = apiClient(service.url);
}, 120_000);

afterAll(() => service?.stop());

/** A definition of one task that sets the value of an expression. */
function setting(name: string, expression: string): string {
  return JSON.stringify({
    document: { dsl: '1.0.3', namespace: 'hostile', name, version: '1.0.0' },
    do: [{ evaluate: { set: { value: `\${ ${expression} }` } } }],
  });
}

async function run(name: string): Promise<Execution> {
  const { body } = await api.start({ workflow: `hostile/${name}` }, { prefer: 'wait=30' });
  return body;
}

interface HistoryEvent {
  readonly eventType: string;
  readonly eventTime: string;
}

/** How long the worker held each workflow task: from when it took it to when it answered. */
async function taskMilliseconds(id: string): Promise<readonly number[]> {
  const response = await fetch(`${service.url}/v1/executions/${id}/history`);
  const { events } = (await response.json()) as { readonly events: readonly HistoryEvent[] };
  const times = (kind: string): number[] =>
    events.filter(({ eventType }) => eventType === kind).map(({ eventTime }) => Date.parse(eventTime));
  const ends = [
    ...times('EVENT_TYPE_WORKFLOW_TASK_COMPLETED'),
    ...times('EVENT_TYPE_WORKFLOW_TASK_FAILED'),
    ...times('EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT'),
  ].sort((left, right) => left - right);
  return times('EVENT_TYPE_WORKFLOW_TASK_STARTED').map((start, index) => (ends[index] ?? Infinity) - start);
}

test('every hostile expression faults its execution, and ordinary ones on the same worker complete', async () => {
  await api.deploy(setting('ordinary', '[range(1000)] | add'));
  const startedAt = await gauge(service.url, 'process_start_time_seconds');
  let ended = false;
  const ordinary: Execution[] = [];
  const others = (async () => {
    while (!ended) {
      ordinary.push(await run('ordinary'));
      await delay(100);
    }
  })();
  const unexpected: unknown[] = [];
  for (const [index, expression] of endless.entries()) {
    const name = `endless-${index}`;
    await api.deploy(setting(name, expression));
    let { id, status, error } = await run(name);
    let slowest = Math.max(...(await taskMilliseconds(id)));
    // Other work of the machine counts here, too: the shortest of three times is nearest to the expression's own.
    for (let more = 2; more > 0 && slowest > mostMilliseconds; more--) {
      ({ id, status, error } = await run(name));
      slowest = Math.min(slowest, Math.max(...(await taskMilliseconds(id))));
    }
    const isFault = status === 'faulted' && error?.type.endsWith('/expression') === true;
    const isTold = error?.instance === '/do/0/evaluate' && error.detail?.startsWith('Expression ') === true;
    if (!isFault || !isTold || slowest > mostMilliseconds)
      unexpected.push({ expression, status, error, slowest });
    expect(await gauge(service.url, 'process_resident_memory_bytes')).toBeLessThan(mostBytes);
  }
  ended = true;
  await others;
  expect(unexpected).toEqual([]);
  expect(new Set(ordinary.map(({ output }) => JSON.stringify(output)))).toEqual(
    new Set(['{"value":499500}']),
  );
  expect(await gauge(service.url, 'process_start_time_seconds')).toBe(startedAt);
}, 600_000);

test.each(refused)('%s: refused when it is deployed', async (_name, expression) => {
  const begun = Date.now();
  expect((await api.deploy(setting('refused', expression))).status).toBe(422);
  expect(Date.now() - begun).toBeLessThan(mostMilliseconds);
});
