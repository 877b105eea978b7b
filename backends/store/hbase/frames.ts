/**
 * What goes over a connection of HBase's RPC: a preamble and a header once, then calls one way and answers the other.
 * Each is a frame: its length in four bytes, then messages of Protocol Buffers with their own lengths before them.
 */
import protobuf from 'protobufjs';
import type { Method, ServiceName } from './methods.ts';
import { messageType } from './schema.ts';

const connectionHeader = messageType('ConnectionHeader');
const requestHeader = messageType('RequestHeader');
const responseHeader = messageType('ResponseHeader');

/** Version 0 of the protocol, and authentication by a name alone ("simple"). */
const preamble = Buffer.from([...Buffer.from('HBas'), 0, 80]);

/** Far above any answer to this store; what is longer is not HBase's protocol. */
const maxFrameBytes = 256 * 1024 * 1024;

/** What a client sends first. Without a codec for cells in the header, the server puts them into its messages. */
export function encodeGreeting(service: ServiceName, user: string): Buffer {
  const header = connectionHeader
    .encode({ userInfo: { effectiveUser: user }, serviceName: service })
    .finish();
  return Buffer.concat([preamble, lengthOf(header.length), header]);
}

/** A call's frame. The server gives up a call that waited for longer than `timeoutMs`. */
export function encodeCall<Request>(
  id: number,
  method: Method<Request, unknown>,
  request: Request,
  timeoutMs: number,
): Buffer {
  const header = requestHeader
    .encodeDelimited({ callId: id, methodName: method.name, requestParam: true, timeout: timeoutMs })
    .finish();
  const body = method.encode(request);
  return Buffer.concat([lengthOf(header.length + body.length), header, body]);
}

/** An exception as a server tells of it. */
export interface RemoteException {
  /** The name of its Java class. */
  readonly exceptionClassName: string;
  /** Begins with the class and the message. */
  readonly stackTrace: string;
  readonly doNotRetry: boolean;
}

/** An answer: to which call, and what went wrong, or a reader at the response. */
export interface Answer {
  readonly id: number;
  readonly exception: RemoteException | null;
  readonly body: protobuf.Reader;
}

/** Reads the frame of an answer; throws for what is none. */
export function decodeAnswer(frame: Buffer): Answer {
  const body = protobuf.Reader.create(frame);
  const header = responseHeader.decodeDelimited(body) as unknown as {
    readonly callId: number;
    readonly exception: RemoteException | null;
  };
  return { id: header.callId, exception: header.exception, body };
}

/** Puts frames together from what a socket gives, however it is cut. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private bytes = 0;

  /** Takes what came and returns the frames that are complete now. Throws where this cannot be HBase's protocol. */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    const frames: Buffer[] = [];
    for (let needed = this.needed(); needed !== undefined && this.bytes >= needed; needed = this.needed()) {
      const [first] = this.chunks;
      const all = first?.length === this.bytes ? first : Buffer.concat(this.chunks);
      frames.push(all.subarray(4, needed));
      this.chunks = all.length > needed ? [all.subarray(needed)] : [];
      this.bytes -= needed;
    }
    return frames;
  }

  /** The bytes of the frame that has begun, or undefined while its length has not come. */
  private needed(): number | undefined {
    const [first] = this.chunks;
    if (first === undefined || this.bytes < 4) return undefined;
    const start = first.length >= 4 ? first : Buffer.concat(this.chunks);
    const length = start.readUInt32BE(0);
    if (length > maxFrameBytes) throw new Error('What answers does not speak the protocol of HBase');
    return 4 + length;
  }
}

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes);
  return length;
}
