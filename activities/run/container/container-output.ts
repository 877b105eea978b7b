import type { ProcessResult } from '../../../dsl/types.ts';
import { SandboxError } from '../../sandbox/sandbox-error.ts';

/** Both streams of a container without a terminal come as frames: stream number, three zeros, length, bytes. */
const headerBytes = 8;

/** Collects a container's output to its end. Rejects with a {@link SandboxError} when it is more than `maxBytes`, frames included. */
export async function collectOutput(
  frames: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Omit<ProcessResult, 'code'>> {
  const chunks: Record<1 | 2, Buffer[]> = { 1: [], 2: [] };
  let total = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const bytes of frames) {
    total += bytes.length;
    if (total > maxBytes + headerBytes) {
      const message = `it printed more than ${maxBytes} bytes and was ended (run.limits.outputBytes)`;
      throw new SandboxError('output', message);
    }
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      if (rest.length < headerBytes) break;
      const end = headerBytes + rest.readUInt32BE(4);
      if (rest.length < end) break;
      chunks[rest[0] === 2 ? 2 : 1].push(rest.subarray(headerBytes, end));
      rest = rest.subarray(end);
    }
  }
  const text = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString().toWellFormed();
  return { stdout: text(chunks[1]), stderr: text(chunks[2]) };
}
