/**
 * `npm run demo:two-services`: two services work on orders together, on the systems that its options name. Shows an order
 * travel both ways, kills one service in between and checks that nothing is lost. docs/two-services.md
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exitCodes } from '../../cli/exit-codes.ts';
import { printable, processTerminal } from '../../cli/terminal.ts';
import { findFreePort } from '../../temporal/free-port.ts';
import { startDevServer } from '../../temporal/dev-server.ts';
import { findTemporalCli } from '../../temporal/find-cli.ts';
import { configure } from './configure.ts';
import { help, readOptions } from './options.ts';
import type { DemoOptions, ServiceName } from './options.ts';
import { deployDefinitions, twoService } from './service.ts';
import type { TwoService } from './service.ts';
import { play } from './story.ts';
import { startServers } from './systems.ts';
import { createTimeline } from './timeline.ts';

const root = resolve(import.meta.dirname, '../..');
const terminal = processTerminal();
const print = (line: string): void => terminal.out(`${line}\n`);
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort());
/** What is to be undone at the end, the last first. */
const undo: (() => Promise<void>)[] = [];

process.exitCode = await main();

async function main(): Promise<number> {
  let options: DemoOptions | undefined;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    terminal.err(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
    return exitCodes.usage;
  }
  if (options === undefined) {
    terminal.out(help);
    return exitCodes.ok;
  }
  try {
    return await demo(options);
  } catch (error) {
    if (interruption.signal.aborted) return exitCodes.interrupted;
    terminal.err(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
    terminal.err('With --verbose it shows what the services log.\n');
    return exitCodes.refused;
  } finally {
    // Whatever still waits for a service ends.
    interruption.abort();
    for (const step of undo.toReversed()) await step();
  }
}

async function demo(options: DemoOptions): Promise<number> {
  const { signal } = interruption;
  const folder = await mkdtemp(join(tmpdir(), 'perdure-two-services-'));
  undo.push(() => rm(folder, { recursive: true, force: true }));
  const { queue, storeA, storeB, locks, discovery } = options;
  const servers = await startServers([queue, storeA, storeB, locks, discovery], print);
  undo.push(() => servers.stop());
  const executable = await findTemporalCli({ root, env: process.env, progress: print });
  const temporal = await startDevServer({ executable, data: folder, port: 0, uiPort: 0, warn: print });
  undo.push(() => temporal.stop());

  const ports = { orders: await findFreePort(), shipping: await findFreePort() };
  const environment = await configure({ options, servers, folder, ports, temporal: temporal.address });
  const service = (name: ServiceName): TwoService => {
    const onLine = (line: string): void =>
      terminal.err(terminal.style('faint', `${name} | ${printable(line)}\n`));
    const place = { root, name, port: ports[name], environment };
    return twoService(options.verbose ? { ...place, onLine } : place);
  };
  const [orders, shipping] = [service('orders'), service('shipping')];
  print(`Starting the services orders and shipping. Temporal Web UI: ${temporal.uiUrl}`);
  const services = [orders, shipping];
  undo.push(async () => void (await Promise.all(services.map((one) => one.stop()))));
  await Promise.all(services.map((one) => one.start()));
  signal.throwIfAborted();
  for (const one of services) await deployDefinitions(root, one);

  const timeline = createTimeline(terminal, signal);
  const losses = await play({ orders, shipping, timeline, options, signal });
  if (losses.length === 0) {
    const ending = options.kill === 'nobody' ? '' : `, though ${options.kill} was killed`;
    print(terminal.style('good', `Nothing is lost, and nothing was done twice${ending}.`));
    return exitCodes.ok;
  }
  for (const loss of losses) terminal.err(`${terminal.style('bad', loss)}\n`);
  return exitCodes.refused;
}
