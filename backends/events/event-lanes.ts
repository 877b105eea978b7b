/**
 * Lanes: the parts that a system's events are divided into, so that the consumers of a group can share them and each key
 * still has one consumer at a time. Kafka calls them partitions and has its own; the others get theirs here.
 */
import { createHash } from 'node:crypto';

/** The lane of a key: the same in every process, as long as the count is. */
export function laneOf(key: string, lanes: number): number {
  return createHash('sha256').update(key).digest().readUInt32BE() % lanes;
}

/** How many lanes one of `members` consumers may keep while others would take some. */
export function fairShare(lanes: number, members: number): number {
  return Math.ceil(lanes / Math.max(1, members));
}
