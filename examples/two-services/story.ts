/** What happens: orders go in, a service is killed while the first parcel travels, and the books are compared. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../../dsl/json.ts';
import { followExecution } from '../../cli/follow.ts';
import type { Execution } from '../../cli/responses.ts';
import { findLosses } from './books.ts';
import type { DemoOptions } from './options.ts';
import type { TwoService } from './service.ts';
import type { Timeline } from './timeline.ts';

export interface Stage {
  readonly orders: TwoService;
  readonly shipping: TwoService;
  readonly timeline: Timeline;
  readonly options: Pick<DemoOptions, 'kill' | 'orders'>;
  readonly signal: AbortSignal;
}

const sku = 'tulips';
const quantity = 2;
/** Goods that remain in the stock. */
const remaining = 4;
/** How long the killed service stays away, in milliseconds. */
const awayMs = 3_000;
const pollMs = 100;

/** Plays it to the end; resolves to what was lost or doubled, in a line each. */
export async function play(stage: Stage): Promise<readonly string[]> {
  const { orders, shipping, timeline, options } = stage;
  const ids = Array.from({ length: options.orders }, (_, index) => `order-${index + 1}`);
  const [first = ''] = ids;
  await outputOf(stage, orders, 'stock-up', { sku, left: remaining + ids.length * quantity });
  timeline.say(`${ids.length} orders of ${quantity} ${sku} each. This is ${first}:`);
  for (const id of ids)
    await orders.api.start({ workflow: 'orders/order', id, input: { id, sku, quantity, country: 'NL' } });
  await Promise.all([
    timeline.follow(orders, () => orders.api.execution(first)),
    timeline.follow(shipping, () => shipmentOf(shipping, first)),
    killWhileTravelling(stage, first),
  ]);
  const ended = await Promise.all(ids.map((id) => end(stage, orders, id)));
  const faults = ended.filter(({ status }) => status !== 'completed').map(describeFault);
  if (faults.length > 0) return faults;
  const books = [
    await outputOf(stage, orders, 'report', { sku }),
    await outputOf(stage, shipping, 'report'),
  ] as const;
  return findLosses(...books, { orders: ids, left: remaining });
}

/** The execution that an order's event started in the other service, once there is one. */
async function shipmentOf({ api }: TwoService, order: string): Promise<Execution | undefined> {
  const { executions } = await api.executions({ workflow: 'shipping/ship', limit: '100' });
  for (const { id } of executions) {
    const execution = await api.execution(id);
    if (JSON.stringify(execution.input).includes(`"id":${JSON.stringify(order)}`)) return execution;
  }
  return undefined;
}

async function killWhileTravelling(stage: Stage, order: string): Promise<void> {
  const { options, timeline, orders, signal } = stage;
  if (options.kill === 'nobody') return;
  const isDispatched = async (): Promise<boolean> => {
    const execution = await orders.api.execution(order);
    if (execution.status === 'faulted') throw new Error(describeFault(execution));
    return execution.tasks.some((task) => task.name === 'dispatched' && task.status === 'completed');
  };
  while (!(await isDispatched())) await delay(pollMs, undefined, { signal });
  const victim = stage[options.kill];
  await victim.kill();
  timeline.say(`kill -9: ${victim.name} is gone, in the middle of its work`);
  await delay(awayMs, undefined, { signal });
  timeline.say(`${victim.name} is started again`);
  await victim.start();
  timeline.say(`${victim.name} is back`);
}

/** Runs one of a service's small workflows, and gives its output. */
async function outputOf(stage: Stage, service: TwoService, name: string, input: Json = {}): Promise<Json> {
  const { id } = await service.api.start({ workflow: `${service.name}/${name}`, input });
  const execution = await end(stage, service, id);
  if (execution.status !== 'completed') throw new Error(describeFault(execution));
  return execution.output ?? null;
}

async function end({ signal }: Stage, service: TwoService, id: string): Promise<Execution> {
  const execution = await followExecution(service.api, id, () => undefined, signal);
  signal.throwIfAborted();
  if (execution === undefined) throw new Error(`${id} of ${service.name} did not end`);
  return execution;
}

function describeFault({ workflow, id, status, error }: Execution): string {
  return `${workflow} ${id} is ${status}: ${JSON.stringify(error)}`;
}
