/**
 * `npm run demo`: deploys the example order-fulfilment, runs it against the example services and shows its progress.
 * Uses the service that answers on PORT, else starts one and stops it at the end.
 */
import { resolve } from 'node:path';
import { isJsonObject } from '../dsl/json.ts';
import { ApiClient } from '../cli/client.ts';
import { CliError, exitCodes } from '../cli/exit-codes.ts';
import { followExecution } from '../cli/follow.ts';
import { outcomeText } from '../cli/outcome.ts';
import { ProgressView } from '../cli/progress.ts';
import { clientOptions } from '../cli/settings.ts';
import { processTerminal } from '../cli/terminal.ts';
import { ensureService } from './demo-service.ts';
import type { DemoService } from './demo-service.ts';
import { listExamples } from './list-examples.ts';
import { defaultServicesPort, servicesPort, startServices } from './services/server.ts';

const root = resolve(import.meta.dirname, '..');
const terminal = processTerminal();
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());

try {
  process.exitCode = await demo();
} catch (error) {
  if (interruption.signal.aborted) process.exitCode = exitCodes.interrupted;
  else {
    terminal.err(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof CliError ? error.exitCode : exitCodes.refused;
  }
}

async function demo(): Promise<number> {
  const example = (await listExamples(root)).find(({ name }) => name === 'order-fulfilment');
  if (example === undefined) throw new Error('examples/order-fulfilment is missing');
  const shop = await ensureShop();
  const client = new ApiClient(clientOptions(process.env));
  const environment = serviceEnvironment(shop.url);
  let service: DemoService | undefined;
  try {
    const { signal } = interruption;
    service = await ensureService({ root, client, terminal, environment, signal });
    const { checked } = await client.deploy(example.definition, 'application/yaml');
    const workflow = `${checked.namespace}/${checked.name}`;
    const input = isJsonObject(example.input) ? { ...example.input, services: shop.url } : example.input;
    const { id } = await client.start({ workflow, version: checked.version, input });
    terminal.out(`\nExecution ${id} of ${workflow} ${checked.version}\n`);
    const view = new ProgressView(terminal);
    const onChange = (execution: Parameters<ProgressView['update']>[0]): void =>
      view.update(execution, Date.now());
    const ended = await followExecution(client, id, onChange, signal);
    if (ended === undefined) return exitCodes.interrupted;
    terminal.out(`\n${outcomeText(ended, terminal.style)}`);
    if (service.own) terminal.out('The link works while the service runs: npm start\n');
    return ended.status === 'completed' ? exitCodes.ok : exitCodes.refused;
  } finally {
    await service?.stop();
    await shop.close();
  }
}

/** The example services: those that answer, else our own in this process. */
async function ensureShop(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const port = servicesPort(process.env);
  const url = `http://127.0.0.1:${port}`;
  try {
    const services = await startServices(port);
    terminal.out(`Example services: ${services.url}\n`);
    return services;
  } catch (error) {
    const answer = await fetch(`${url}/openapi.json`).catch(() => undefined);
    const described: unknown = await answer?.json().catch(() => undefined);
    const isShop =
      isJsonObject(described) && isJsonObject(described.info) && described.info.title === 'Shop services';
    if (isShop) return { url, close: () => Promise.resolve() };
    const hint = 'Set PERDURE_EXAMPLES_PORT to a free port';
    throw new CliError(exitCodes.unreachable, `Port ${port} is in use by something else. ${hint}.`, {
      cause: error,
    });
  }
}

/** The shipped configuration lets definitions call the example services on their default port only. */
function serviceEnvironment(shopUrl: string): NodeJS.ProcessEnv {
  const { host, port } = new URL(shopUrl);
  const environment = { PERDURE_LOG_FORMAT: 'pretty', ...process.env };
  if (Number(port) === defaultServicesPort) return environment;
  const allowed = [process.env.PERDURE_OUTGOING_ALLOW, host].filter(
    (entry) => entry !== undefined && entry !== '',
  );
  return { ...environment, PERDURE_OUTGOING_ALLOW: allowed.join(',') };
}
