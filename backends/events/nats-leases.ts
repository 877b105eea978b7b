import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { LaneLeases } from './lane-keeper.ts';
import { codeOf } from './nats-connection.ts';
import { groupToken } from './nats-stream.ts';

/** The last message of the subject is another one than was expected; newer servers have a second number for it. */
const wrongLastSequence: ReadonlySet<number | undefined> = new Set([10071, 10164]);

const noMessage = 10037;

/**
 * A lease is the only message of a subject of its own. It is taken where the subject has none, and renewed where the last
 * one is still ours: the server compares, and lets what is not renewed expire. Members have a subject each, too.
 */
export function createNatsLeases(
  client: JetStreamClient,
  manager: JetStreamManager,
  {
    stream,
    group,
    member,
    lanes,
  }: {
    /** That of the leases. */
    readonly stream: string;
    readonly group: string;
    readonly member: string;
    readonly lanes: number;
  },
): LaneLeases {
  const prefix = `${stream}.${groupToken(group)}`;
  const laneSubject = (lane: number): string => `${prefix}.lane.${lane}`;
  const memberSubject = `${prefix}.member.${member}`;
  /** Where our leases are in the stream, by lane. */
  const mine = new Map<number, number>();
  let hasLooked = false;

  /** Writes the lease if the last one is where it is expected; 0 expects none. */
  async function write(lane: number, expected: number): Promise<boolean> {
    try {
      const { seq } = await client.publish(laneSubject(lane), member, {
        expect: { lastSubjectSequence: expected },
      });
      mine.set(lane, seq);
      return true;
    } catch (error) {
      if (!wrongLastSequence.has(codeOf(error))) throw error;
      // One that was written and not confirmed is ours all the same.
      return await look(lane);
    }
  }

  /** Looks whose the lease is. */
  async function look(lane: number): Promise<boolean> {
    const found = await manager.streams
      .getMessage(stream, { last_by_subj: laneSubject(lane) })
      .catch((error: unknown) => {
        if (codeOf(error) !== noMessage) throw error;
        return null;
      });
    if (found?.string() === member) mine.set(lane, found.seq);
    else mine.delete(lane);
    return mine.has(lane);
  }

  return {
    beat: async () => {
      await client.publish(memberSubject, '');
      const { state } = await manager.streams.info(stream, { subjects_filter: `${prefix}.>` });
      const subjects = Object.keys(state.subjects ?? {});
      const members = subjects.filter((subject) => subject.startsWith(`${prefix}.member.`)).length;
      const taken = [...Array(lanes).keys()].filter((lane) => subjects.includes(laneSubject(lane)));
      // Those of our last connection.
      if (!hasLooked) await Promise.all(taken.map(look));
      hasLooked = true;
      await Promise.all([...mine].map(([lane, seq]) => write(lane, seq)));
      return {
        members,
        mine: new Set(mine.keys()),
        free: [...Array(lanes).keys()].filter((lane) => !taken.includes(lane) && !mine.has(lane)),
      };
    },
    take: (lane) => write(lane, 0),
    release: async (lane) => {
      const seq = mine.get(lane);
      mine.delete(lane);
      if (seq !== undefined) await manager.streams.deleteMessage(stream, seq, false);
    },
    resign: async () => void (await manager.streams.purge(stream, { filter: memberSubject })),
  };
}
