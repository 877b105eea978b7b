import type { Client, Metadata } from '@grpc/grpc-js';
import type { Json } from '../../dsl/json.ts';

/** One call, ready to be sent. */
export interface GrpcExchange {
  /** `/package.Service/Method`. */
  readonly path: string;
  /** Encoded; one for a method that takes no stream. */
  readonly messages: readonly Buffer[];
  readonly metadata: Metadata;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly decode: (bytes: Uint8Array) => Json;
  /** Sees each message as it comes; what it throws ends the call. */
  readonly accept: (message: Json) => void;
}

/**
 * Sends the messages and gives what came back, in order. The four kinds of call are the same on the wire: any number of
 * messages each way, then the status. Rejects with grpc-js's ServiceError or the signal's reason.
 */
export async function sendGrpc(client: Client, exchange: GrpcExchange): Promise<Json[]> {
  const { path, messages, metadata, timeoutMs, signal, decode, accept } = exchange;
  signal.throwIfAborted();
  const call = client.makeBidiStreamRequest<Buffer, Json>(path, (bytes) => bytes, decode, metadata, {
    deadline: Date.now() + timeoutMs,
  });
  // The status of a call that was left early has nobody who waits for it.
  call.on('error', () => undefined);
  const cancel = (): void => call.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    for (const message of messages) call.write(message);
    call.end();
    const received: Json[] = [];
    for await (const message of call as AsyncIterable<Json>) {
      accept(message);
      received.push(message);
    }
    return received;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
    call.cancel();
  }
}
