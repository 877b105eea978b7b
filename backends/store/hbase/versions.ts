/**
 * Versions of documents. Each begins with the time under which its cells are kept, for that alone decides in HBase which
 * of two writes is the later one and which cells a deletion covers. It is the clock's where that is ahead, else the
 * one after the version that is replaced: a clock that is behind, or two writes in one millisecond, change no order.
 */
import { randomBytes } from 'node:crypto';

const pattern = /^!?([\da-z]{9})-[\w-]{16}$/;

/** What a document that is written, or the mark of a deletion, has for its version. */
export interface Version {
  readonly text: string;
  /** Milliseconds since 1970, or a little more. */
  readonly time: number;
}

/** A version that none was before, above `replaced` where there is one. */
export function newVersion(replaced: Version | undefined, now: number): Version {
  const time = Math.max(now, (replaced?.time ?? 0) + 1);
  return { time, text: `${time.toString(36).padStart(9, '0')}-${randomBytes(12).toString('base64url')}` };
}

/** The same for the mark that a deletion leaves. */
export function newMark(replaced: Version, now: number): Version {
  const { time, text } = newVersion(replaced, now);
  return { time, text: `!${text}` };
}

export function isMark({ text }: Version): boolean {
  return text.startsWith('!');
}

/** Undefined for a text that no version has. */
export function parseVersion(text: string): Version | undefined {
  const [, time] = pattern.exec(text) ?? [];
  return time === undefined ? undefined : { text, time: Number.parseInt(time, 36) };
}
