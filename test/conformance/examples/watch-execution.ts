import { setTimeout as delay } from 'node:timers/promises';
import type { Execution } from '../../client.ts';
import { outsideFailures } from './compare.ts';
import type { Outcome } from './outcomes.ts';
import type { Seen } from './seen.ts';
import type { Deployed } from './start-execution.ts';
import type { RunStandIns, StandIns } from './stand-ins/start.ts';

/** What there is to see outside of the execution, from the moment of asking. */
export type Look = () => Promise<Omit<Seen, 'execution' | 'containersLater'>>;

/** Begins to watch: events, containers and pulls count from here. */
export async function observe(open: RunStandIns, { sink, containers }: StandIns): Promise<Look> {
  const eventsBefore = sink.events.length;
  const namesBefore = new Set(await containers?.names());
  const pullsBefore = containers?.pulls() ?? 0;
  return async () => ({
    calls: [...open.calls],
    events: sink.events.slice(eventsBefore),
    issuedTokens: open.issuedTokens,
    messagesLeft: open.outbox.left(),
    containersAtEnd: ((await containers?.names()) ?? []).filter((name) => !namesBefore.has(name)),
    pulls: (containers?.pulls() ?? 0) - pullsBefore,
  });
}

const patienceMs = 30_000;
/** What listens for ever must still do so a little after it had everything. */
const stillListensMs = 1_000;

/**
 * The execution once it ended; one that listens for ever is cancelled when all that its outcome lists was seen. An
 * execution that does not end in time is cancelled too, and the promise rejects with where it was.
 */
export async function endOf({ api }: Deployed, id: string, outcome: Outcome, look: Look): Promise<Execution> {
  if (outcome.ends === 'listening') {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const missing = outsideFailures(outcome, await look());
      if (missing.length === 0) break;
      const { status, error } = await api.get(id);
      if (Date.now() > deadline || status === 'faulted') {
        await cancel();
        throw new Error(`${status} ${JSON.stringify(error)}: ${missing.join('; ')}`);
      }
      await delay(200);
    }
    await delay(stillListensMs);
    const { status } = await api.get(id);
    if (status === 'completed' || status === 'faulted') throw new Error(`ended as ${status} by itself`);
    await cancel();
  }
  try {
    return await api.ended(id, patienceMs);
  } catch (error) {
    await cancel();
    throw error;
  }

  async function cancel(): Promise<void> {
    await api.post(`/v1/executions/${encodeURIComponent(id)}/cancel`, {});
  }
}
