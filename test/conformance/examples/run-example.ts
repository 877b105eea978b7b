/** One run of one example: deployed under a namespace of its own, started, watched, ended, removed. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Execution } from '../../client.ts';
import { failuresOf, standardErrorType } from './compare.ts';
import { deployExample } from './deploy-example.ts';
import { inboxKeepMs } from './example-service.ts';
import type { ExampleService } from './example-service.ts';
import { messagesFor } from './messages.ts';
import type { Outcome } from './outcomes.ts';
import { rewritten, secretAtStandIns } from './rewrite.ts';
import { startExample, StartRefusedError } from './start-execution.ts';
import type { StandIns } from './stand-ins/start.ts';
import { endOf, observe } from './watch-execution.ts';

export interface Example {
  /** The file's name without `.yaml`. */
  readonly name: string;
  readonly text: string;
}

export interface Surroundings {
  readonly service: ExampleService;
  readonly standIns: StandIns;
}

export interface RunResult {
  /** What was changed in the document before it was deployed. */
  readonly changes: readonly string[];
  /** What a reader of the results should know. */
  readonly notes?: readonly string[];
  readonly failures: readonly string[];
}

const messengerFile = join(import.meta.dirname, 'stand-ins/messenger.ts');

/** Runs an example to its end. `run` names it to the stand-ins. */
export async function runExample(
  example: Example,
  outcome: Outcome,
  run: string,
  { service, standIns }: Surroundings,
): Promise<RunResult> {
  const open = standIns.open(run, {
    redirects: outcome.redirects ?? false,
    hasChannels: /^\s*channel:/m.test(example.text),
    messages: messagesFor(outcome),
  });
  const document = rewritten(example.text, {
    base: open.base,
    namespace: `example-${run}`,
    greeterPort: standIns.greeter.port,
    node: process.execPath,
    messengerFile,
    registry: standIns.containers?.registry ?? '',
  });
  const changes = [...document.changes];
  for (const [secret, value] of Object.entries(outcome.secrets ?? {})) {
    await service.putSecret(secret, secretAtStandIns(value, open.base));
    changes.push(`secret ${secret}: its hosts → ${open.base}/HOST`);
  }
  try {
    const look = await observe(open, standIns);
    const deployed = await deployExample(service.url, document);
    try {
      const id = await startExample(deployed, outcome).catch(faultOfRefusal);
      if (typeof id !== 'string') {
        const notes = ['an input that does not match its schema is refused with 422: nothing is started'];
        const failures = failuresOf(outcome, { ...(await look()), execution: id, containersLater: [] });
        return { changes, notes, failures };
      }
      const execution = await endOf(deployed, id, outcome, look);
      const seen = await look();
      const needsTime = outcome.containers !== undefined;
      const containersLater = needsTime ? await later(look) : [];
      return { changes, failures: failuresOf(outcome, { ...seen, execution, containersLater }) };
    } finally {
      await deployed.remove();
    }
  } catch (error) {
    return { changes, failures: [error instanceof Error ? error.message : String(error)] };
  } finally {
    if (outcome.events !== undefined) await delay(inboxKeepMs + 100);
  }
}

/**
 * What the refusal of an input is as the end of an execution: the specification's fault comes before the workflow starts,
 * and the API tells it to who starts it.
 */
function faultOfRefusal(error: unknown): Execution {
  if (!(error instanceof StartRefusedError) || !error.isInvalidInput) throw error;
  const type = `${standardErrorType}validation`;
  return {
    id: '',
    runId: '',
    status: 'faulted',
    error: { type, status: 400, instance: '' },
    tasks: [],
    omittedTasks: 0,
  };
}

/** Containers that are still there when one that is removed after three seconds has gone. */
async function later(look: Awaited<ReturnType<typeof observe>>): Promise<readonly string[]> {
  await delay(8_000);
  return (await look()).containersAtEnd;
}
