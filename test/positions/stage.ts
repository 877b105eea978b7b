/** What the executions of the table run on: a Temporal server, a worker, the partner, and somebody who sends events. */
import { setTimeout as delay } from 'node:timers/promises';
import { openHttpSink } from '../../backends/events/http-sink.ts';
import { isJsonObject, type Json } from '../../dsl/json.ts';
import { startDefinitionService, type DefinitionService } from '../engine/definition-service.ts';
import type { Row } from './definitions.ts';
import { startPartner, type Partner } from './partner.ts';
import { child } from './subjects.ts';

export interface Stage {
  readonly root: string;
  readonly service: DefinitionService;
  readonly partner: Partner;
  readonly events: EventSource;
  /** What the partner is asked for in each row while nothing disturbs it, as the first operation found it. */
  readonly steps: Map<Row, Json>;
  close(): Promise<void>;
}

/** Sends every listener the one event that it waits for, but where that is held back. */
export interface EventSource {
  /** Gives listeners in the disturbed turn of this execution nothing until `release`. */
  hold(execution: string): void;
  release(execution: string): void;
  /** Whether the event of the disturbed turn has been delivered. */
  hasSent(execution: string): boolean;
  /** How many subscriptions the execution has. */
  subscriptions(execution: string): Promise<number>;
}

/** Starts everything. */
export async function startStage(root: string): Promise<Stage> {
  const partner = await startPartner();
  const sink = openHttpSink(partner.sink);
  const service = await startDefinitionService(root, [new URL(partner.url).host], {}, sink);
  await service.deploy(JSON.stringify(child(partner.url)));
  const source = startEventSource(service);
  return {
    root,
    service,
    partner,
    events: source,
    steps: new Map(),
    async close() {
      await source.stop();
      await service.close();
      await sink.close();
      await partner.close();
    },
  };
}

function startEventSource({ store, routing }: DefinitionService): EventSource & { stop(): Promise<void> } {
  const held = new Set<string>();
  const sent = new Set<string>();
  let isOver = false;

  async function listeners(): Promise<readonly { readonly workflowId: string; readonly turn: string }[]> {
    const { documents } = await store.scan('subscription/', { limit: 1_000 });
    return documents.flatMap(({ value }) => {
      if (!isJsonObject(value)) return [];
      const { workflowId, path } = value;
      if (typeof workflowId !== 'string' || typeof path !== 'string') return [];
      return [{ workflowId, turn: /\/for\/(\d+)\//.exec(path)?.[1] ?? '1' }];
    });
  }

  async function send(): Promise<void> {
    for (const { workflowId, turn } of await listeners()) {
      const id = `${workflowId} ${turn}`;
      if (sent.has(id) || (turn === '1' && held.has(workflowId))) continue;
      await routing.router.route([
        {
          specversion: '1.0',
          id,
          source: 'https://positions.test',
          type: 'positions.asked',
          subject: workflowId,
          data: `event ${turn}`,
        },
      ]);
      sent.add(id);
    }
  }

  const running = (async () => {
    while (!isOver) {
      await send();
      await delay(50);
    }
  })();
  running.catch(() => undefined);
  return {
    hold: (execution) => void held.add(execution),
    release: (execution) => void held.delete(execution),
    hasSent: (execution) => sent.has(`${execution} 1`),
    subscriptions: async (execution) =>
      (await listeners()).filter(({ workflowId }) => workflowId === execution).length,
    async stop() {
      isOver = true;
      await running;
    },
  };
}
