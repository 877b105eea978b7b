import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request as a partner saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real HTTP server on a free port of the loopback, for tests. */
export interface Partner {
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** Starts a partner that answers as `answer` says; without an answer it leaves the request open. */
export async function startPartner(
  answer: (request: SeenRequest, response: ServerResponse) => void,
  address = '127.0.0.1',
): Promise<Partner> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, response) => {
    void text(incoming).then(
      (body) => {
        const { method = '', url = '', headers } = incoming;
        const request = { method, url, headers, body };
        seen.push(request);
        answer(request, response);
      },
      () => undefined,
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, address, resolve);
  });
  const bound = server.address();
  if (typeof bound !== 'object' || bound === null) throw new Error('the partner has no port');
  return {
    origin: `http://127.0.0.1:${bound.port}`,
    host: `127.0.0.1:${bound.port}`,
    port: bound.port,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with a value as JSON. */
export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
