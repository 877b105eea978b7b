/** The outside world of the proof: a ledger that executions write events into, and that counts what it sees. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';

/** An event as the ledger sees it: the `n`th of its line. */
export interface Entry {
  readonly line: number;
  readonly n: number;
}

export interface Verdict {
  readonly entries: number;
  /** Requests under a key that was there: a worker died, and the ledger did not act twice. */
  readonly repeated: number;
  /** Events that were acted on twice, under two keys. */
  readonly twice: readonly Entry[];
  readonly missing: readonly Entry[];
  /** Entries that came before an earlier one of their line. */
  readonly outOfOrder: readonly Entry[];
}

export interface Ledger {
  readonly url: string;
  /** Events that were acted on, each once. */
  readonly size: number;
  verdict(lines: number, eventsOfLine: number): Verdict;
  close(): Promise<void>;
}

/** Opens a ledger on loopback. `POST /` enters some events of a line; the same `Idempotency-Key` again changes nothing. */
export async function openLedger(): Promise<Ledger> {
  const keys = new Set<string>();
  const lines = new Map<number, number[]>();
  const seen = new Set<string>();
  const twice: Entry[] = [];
  let entries = 0;
  let repeated = 0;

  function take(key: string, page: readonly Entry[]): void {
    if (keys.has(key)) {
      repeated += 1;
      return;
    }
    keys.add(key);
    for (const entry of page) enter(entry);
  }

  function enter({ line, n }: Entry): void {
    const own = lines.get(line) ?? [];
    lines.set(line, own);
    if (seen.has(`${line} ${n}`)) {
      twice.push({ line, n });
      return;
    }
    seen.add(`${line} ${n}`);
    own.push(n);
    entries += 1;
  }

  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const key = request.headers['idempotency-key'];
      take(typeof key === 'string' ? key : '', JSON.parse(await text(request)) as readonly Entry[]);
      response.writeHead(204).end();
    };
    answer().catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    get size() {
      return entries;
    },
    verdict(count, eventsOfLine) {
      const missing: Entry[] = [];
      const outOfOrder: Entry[] = [];
      for (let line = 0; line < count; line++) {
        const own = lines.get(line) ?? [];
        const seen = new Set(own);
        for (let n = 0; n < eventsOfLine; n++) if (!seen.has(n)) missing.push({ line, n });
        own.forEach((n, index) => {
          if (index > 0 && n < (own[index - 1] ?? 0)) outOfOrder.push({ line, n });
        });
      }
      return { entries, repeated, twice, missing, outOfOrder };
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
