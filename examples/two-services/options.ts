import { parseArgs } from 'node:util';
import { discoveries, lockSystems, queues, stores } from './systems.ts';
import type { Choice } from './systems.ts';

export type ServiceName = 'orders' | 'shipping';

export interface DemoOptions {
  readonly queue: Choice;
  readonly storeA: Choice;
  readonly storeB: Choice;
  readonly locks: Choice;
  readonly discovery: Choice;
  /** The service that is killed while the first parcel travels. */
  readonly kill: ServiceName | 'nobody';
  readonly orders: number;
  /** Shows what the services log. */
  readonly verbose: boolean;
}

const killable = ['shipping', 'orders', 'nobody'] as const;
const mostOrders = 50;

export const help = `Usage: npm run demo:two-services -- [options]

Two services, orders and shipping, work on orders together: by events through a queue, and by one call. One of them is
killed in between, and nothing is lost. Servers that the options name are started, and installed where they are missing;
a variable such as PERDURE_TEST_KAFKA_URL names one to use instead.

Options:
  --queue NAME      ${names(queues)}
  --store-a NAME    database of orders: ${names(stores)}
  --store-b NAME    database of shipping: the same
  --locks NAME      ${names(lockSystems)}
  --discovery NAME  ${names(discoveries)}
  --kill NAME       ${killable.join(', ')}
  --orders N        orders at once, 1 to ${mostOrders} (default 3)
  --verbose         show what the services log
  --help            show this help

The first of each list is the default, and needs no server.
`;

/** The options of a command line; undefined where it asks for help. Throws an error that says what is wrong. */
export function readOptions(args: readonly string[]): DemoOptions | undefined {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      queue: text,
      'store-a': text,
      'store-b': text,
      locks: text,
      discovery: text,
      kill: text,
      orders: { type: 'string', default: '3' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const orders = Number(values.orders);
  if (!Number.isInteger(orders) || orders < 1 || orders > mostOrders)
    throw new Error(`--orders: expected a whole number from 1 to ${mostOrders}, found "${values.orders}"`);
  return {
    queue: chosen('queue', queues, values.queue),
    storeA: chosen('store-a', stores, values['store-a']),
    storeB: chosen('store-b', stores, values['store-b']),
    locks: chosen('locks', lockSystems, values.locks),
    discovery: chosen('discovery', discoveries, values.discovery),
    kill: oneOf('kill', killable, values.kill),
    orders,
    verbose: values.verbose,
  };
}

function chosen(option: string, choices: readonly Choice[], name: string | undefined): Choice {
  const wanted = oneOf(
    option,
    choices.map((choice) => choice.name),
    name,
  );
  const choice = choices.find((one) => one.name === wanted);
  if (choice === undefined) throw new Error(`--${option}: there is nothing to choose from`);
  return choice;
}

/** The one that is named, else the first. */
function oneOf<T extends string>(option: string, known: readonly T[], name: string | undefined): T {
  const found = name === undefined ? known[0] : known.find((one) => one === name);
  if (found === undefined)
    throw new Error(`--${option}: expected one of ${known.join(', ')}, found "${name ?? ''}"`);
  return found;
}

function names(choices: readonly Choice[]): string {
  return choices.map(({ name }) => name).join(', ');
}
