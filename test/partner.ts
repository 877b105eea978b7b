/** A partner service with an append-only log and no idea of uniqueness: what arrives twice stands there twice. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly authorization: string;
  readonly body: string;
}

export interface Partner {
  readonly url: string;
  readonly log: readonly LoggedRequest[];
  /** Requests that wait for their answer: those whose sender has gone do not. */
  readonly waiting: number;
  close(): Promise<void>;
}

/** Thrown by an answer: the partner refuses the request with this status. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`Refused with ${status}`);
    this.status = status;
  }
}

/**
 * Starts a partner on loopback. `answer` is called after the request was logged; it may take its time, and what it gives
 * is sent as JSON.
 */
export async function startPartner(
  answer: (request: LoggedRequest, nth: number) => Promise<unknown>,
): Promise<Partner> {
  const log: LoggedRequest[] = [];
  let waiting = 0;
  const server = createServer((incoming, response) => {
    waiting += 1;
    response.once('close', () => (waiting -= 1));
    void read(incoming).then(async (request) => {
      log.push(request);
      const [status, body] = await answer(request, log.length).then(
        (given) => [200, given] as const,
        (error: unknown) => [error instanceof Refusal ? error.status : 500, null] as const,
      );
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The partner has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    log,
    get waiting() {
      return waiting;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function read(incoming: IncomingMessage): Promise<LoggedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    key: String(incoming.headers['idempotency-key'] ?? ''),
    authorization: incoming.headers.authorization ?? '',
    body: Buffer.concat(chunks).toString(),
  };
}
