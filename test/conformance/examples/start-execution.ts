/** The three ways in which an example's execution starts: by hand, by its schedule, by events. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject } from '../../../dsl/json.ts';
import type { JsonObject } from '../../../dsl/json.ts';
import type { ApiClient } from '../../client.ts';
import { eventually } from '../../service-process.ts';
import type { ExpectedEvent, Outcome } from './outcomes.ts';

/** A deployed example, ready to be started. */
export interface Deployed {
  readonly api: ApiClient;
  readonly url: string;
  /** `namespace/name` */
  readonly workflow: string;
  /** Whether its schedule waits for events. */
  readonly startsByEvents: boolean;
}

/** Thrown when the service does not start an execution; the message has its answer. */
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError';
  /** Whether the input does not match the definition's schema. */
  readonly isInvalidInput: boolean;

  constructor(status: number, body: unknown) {
    super(`start: ${status} ${JSON.stringify(body)}`);
    this.isInvalidInput = isJsonObject(body) && body.type === 'urn:perdure:problem:invalid-input';
  }
}

interface EventAnswer {
  readonly events: readonly { readonly started: { readonly executions: readonly string[] } }[];
}

interface Schedule {
  readonly schedule: JsonObject;
  readonly recent: readonly { readonly execution: string }[];
}

/** Starts the example and sends its events; resolves to the execution's id. */
export async function startExample(deployed: Deployed, outcome: Outcome): Promise<string> {
  const { api, workflow } = deployed;
  const { schedule, events = [] } = outcome;
  if (schedule !== undefined) return startBySchedule(deployed, schedule);
  if (deployed.startsByEvents) return startByEvents(deployed, events);
  const { status, body } = await api.start({ workflow, input: outcome.input });
  if (status !== 202) throw new StartRefusedError(status, body);
  if (events.length > 0) {
    await eventually(
      `${workflow} listens`,
      async () => ((await api.get(body.id)).status === 'waiting' ? true : undefined),
      { timeoutMs: 20_000 },
    );
  }
  for (const event of events) await send(deployed.url, event);
  return body.id;
}

async function send(url: string, event: ExpectedEvent): Promise<EventAnswer> {
  const whole = { specversion: '1.0', id: randomUUID(), ...event };
  const response = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify(whole),
  });
  if (response.status !== 202) throw new Error(`event: ${response.status} ${await response.text()}`);
  return (await response.json()) as EventAnswer;
}

async function startByEvents({ url, workflow }: Deployed, events: readonly ExpectedEvent[]): Promise<string> {
  for (const event of events) {
    const [answer] = (await send(url, event)).events;
    const [started] = answer?.started.executions ?? [];
    if (started !== undefined) return started;
  }
  throw new Error(`no event started ${workflow}`);
}

/** Reads the schedule back and triggers it once. */
async function startBySchedule({ api, url, workflow }: Deployed, expected: JsonObject): Promise<string> {
  const read = async (): Promise<Schedule> =>
    (await (await fetch(`${url}/v1/schedules/${workflow}`)).json()) as Schedule;
  const { schedule } = await read();
  if (!isDeepStrictEqual(schedule, expected)) throw new Error(`the schedule is ${JSON.stringify(schedule)}`);
  const { status, body } = await api.post(`/v1/schedules/${workflow}/trigger`, {});
  if (status !== 202) throw new Error(`trigger: ${status} ${JSON.stringify(body)}`);
  return eventually('The triggered execution', async () => (await read()).recent[0]?.execution);
}
