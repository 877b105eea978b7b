/** What Perdure makes at a NATS server: the stream of events, its consumers, and the stream of leases. */
import type { ConsumerInfo, JetStreamManager, StreamConfig, StreamInfo } from '@nats-io/jetstream';
import { leaseMs } from './lane-keeper.ts';
import { codeOf, ForeignStreamError } from './nats-connection.ts';
import type { NatsSettings } from './nats-connection.ts';

const nanosPerMs = 1_000_000;

/** How long a message may be in hand until it is delivered again, in milliseconds, unless its consumer says more. */
export const ackWaitMs = 6_000;

/** Messages of one lane that may be delivered and not acknowledged. */
export const mostPending = 512;

/** How long the server knows ids again, in milliseconds. */
const duplicateMs = 120_000;

const streamNotFound = 10059;
const streamNameInUse = 10058;

/** Where the events of a lane go. */
export function laneSubject(stream: string, lane: number): string {
  return `${stream}.lane.${lane}`;
}

/** Where other services publish. */
function othersSubjects(stream: string): string {
  return `${stream}.others.>`;
}

/** A group in names and subjects, where a dot would divide. */
export function groupToken(group: string): string {
  return group.replaceAll('.', '=');
}

/** The stream of events as it is, made where it does not exist, and how many lanes it has. */
export async function ensureStream(
  manager: JetStreamManager,
  { stream, lanes, replicas, maxBytes }: NatsSettings,
): Promise<{ readonly info: StreamInfo; readonly lanes: number }> {
  const info = await ensure(manager, {
    name: stream,
    subjects: [
      ...Array.from({ length: lanes }, (_, lane) => laneSubject(stream, lane)),
      othersSubjects(stream),
    ],
    retention: 'interest',
    storage: 'file',
    discard: 'new',
    num_replicas: replicas,
    max_bytes: maxBytes ?? -1,
    duplicate_window: duplicateMs * nanosPerMs,
  });
  const { subjects, retention } = info.config;
  const known = new Set(subjects);
  let count = 0;
  while (known.has(laneSubject(stream, count))) count += 1;
  if (count === 0 || !known.has(othersSubjects(stream)) || retention !== 'interest') {
    throw new ForeignStreamError(
      `the stream ${stream} was made for something else; name another one in the path of the URL`,
    );
  }
  return { info, lanes: count };
}

/** The stream of leases: what is not renewed goes, by the clock of the server. */
export async function ensureLeaseStream(
  manager: JetStreamManager,
  { stream, replicas }: NatsSettings,
): Promise<string> {
  const name = `${stream}-leases`;
  await ensure(manager, {
    name,
    subjects: [`${name}.>`],
    retention: 'limits',
    storage: 'file',
    discard: 'old',
    num_replicas: replicas,
    max_msgs_per_subject: 1,
    max_age: leaseMs * nanosPerMs,
    duplicate_window: leaseMs * nanosPerMs,
  });
  return name;
}

/** The consumers of a group, by lane; the last has what other services publish. They begin where the stream ends now. */
export async function ensureConsumers(
  manager: JetStreamManager,
  { stream }: NatsSettings,
  group: string,
  lanes: number,
): Promise<readonly ConsumerInfo[]> {
  const wanted = Array.from({ length: lanes + 1 }, (_, lane) => ({
    name: consumerName(group, lane, lanes),
    subject: lane === lanes ? othersSubjects(stream) : laneSubject(stream, lane),
  }));
  const known = new Map((await consumersOf(manager, stream)).map((info) => [info.name, info]));
  return await Promise.all(
    wanted.map(
      async ({ name, subject }) =>
        known.get(name) ??
        (await manager.consumers.add(stream, {
          durable_name: name,
          filter_subject: subject,
          ack_policy: 'explicit',
          ack_wait: ackWaitMs * nanosPerMs,
          deliver_policy: 'new',
          max_deliver: -1,
          max_ack_pending: mostPending,
        })),
    ),
  );
}

/** Events that a group has not acknowledged. */
export async function lagOf(
  manager: JetStreamManager,
  stream: string,
  group: string,
  lanes: number,
): Promise<number> {
  const names = new Set(Array.from({ length: lanes + 1 }, (_, lane) => consumerName(group, lane, lanes)));
  return (await consumersOf(manager, stream))
    .filter(({ name }) => names.has(name))
    .reduce((sum, info) => sum + info.num_pending + info.num_ack_pending, 0);
}

function consumerName(group: string, lane: number, lanes: number): string {
  return `${groupToken(group)}-${lane === lanes ? 'others' : lane}`;
}

async function consumersOf(manager: JetStreamManager, stream: string): Promise<readonly ConsumerInfo[]> {
  const found: ConsumerInfo[] = [];
  for await (const info of manager.consumers.list(stream)) found.push(info);
  return found;
}

async function ensure(
  manager: JetStreamManager,
  config: Partial<StreamConfig> & { readonly name: string },
): Promise<StreamInfo> {
  try {
    return await manager.streams.info(config.name);
  } catch (error) {
    if (codeOf(error) !== streamNotFound) throw error;
  }
  try {
    return await manager.streams.add(config);
  } catch (error) {
    // Another process has made it meanwhile, with other settings.
    if (codeOf(error) !== streamNameInUse) throw error;
    return await manager.streams.info(config.name);
  }
}
