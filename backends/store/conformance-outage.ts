/** The part of the conformance suite that is about a server which is away for a while. */
import type { ServerControl } from '../../test/servers/server.ts';
import type { StoreUnderTest } from './conformance.ts';
import { openStore } from './open.ts';
import type { Store } from './port.ts';

// Starting a server takes up to half a minute, and clients wait between two attempts to connect.
const timeoutMs = 240_000;

/** Declares the tests, which kill the server and start it again. */
export function outageConformance(
  { place, impatient = place }: Pick<StoreUnderTest, 'place' | 'impatient'>,
  server: ServerControl,
): void {
  describe('a server that was killed', () => {
    let store: Store;
    let area: string;

    beforeEach(async () => {
      const { url, data } = impatient();
      store = await openStore(url, data);
      area = `conformance/${crypto.randomUUID()}/`;
    });

    afterEach(async () => {
      await store.close();
    });

    async function answering(): Promise<void> {
      const giveUpAt = Date.now() + 60_000;
      while (Date.now() < giveUpAt) {
        const answers = await store.ping().then(
          () => true,
          () => false,
        );
        if (answers) return;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      throw new Error('The store does not answer again');
    }

    test(
      'makes every call fail, soon and with an error that says so; then the same store goes on with all it had',
      async () => {
        const version = await store.put(`${area}a`, 'kept', 'absent');
        await server.kill();
        const { url, data } = impatient();
        const calls = [
          () => store.get(`${area}a`),
          () => store.put(`${area}b`, 1, 'any'),
          () => store.delete(`${area}b`, 'any'),
          () => store.scan(area, { limit: 1 }),
          () => store.ping(),
          () => openStore(url, data),
        ];
        try {
          // One after the other: the first may still find a connection that looks open.
          for (const call of calls) {
            const begun = performance.now();
            await expect(call()).rejects.toMatchObject({
              name: 'StoreError',
              type: 'unavailable',
              retryable: true,
              message: expect.stringMatching(/^The store .*127\.0\.0\.1.*Check that it runs/),
            });
            expect(performance.now() - begun).toBeLessThan(20_000);
          }
        } finally {
          await server.start();
        }
        await answering();
        expect(await store.get(`${area}a`)).toEqual({ key: `${area}a`, value: 'kept', version });
        expect((await store.scan(area, { limit: 10 })).documents).toHaveLength(1);
        expect(await store.put(`${area}b`, 1, 'absent')).toBeDefined();
      },
      timeoutMs,
    );

    test(
      'has lost nothing that it acknowledged, and writers go on by trying again',
      async () => {
        const acknowledged: string[] = [];
        let isOver = false;
        const writers = Array.from({ length: 8 }, async (_, writer) => {
          for (let n = 0; !isOver; n++) {
            const key = `${area}${writer}-${n}`;
            const isWritten = await store.put(key, n, 'any').then(
              () => true,
              (error: unknown) => {
                expect(error).toMatchObject({ name: 'StoreError', type: 'unavailable', retryable: true });
                return false;
              },
            );
            if (isWritten) acknowledged.push(key);
            else await new Promise((resolve) => setTimeout(resolve, 250));
          }
        });
        const acknowledges = async (count: number): Promise<void> => {
          const giveUpAt = Date.now() + 60_000;
          while (acknowledged.length < count && Date.now() < giveUpAt) {
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
          expect(acknowledged.length).toBeGreaterThanOrEqual(count);
        };
        try {
          await acknowledges(10);
          await server.kill();
          const before = acknowledged.length;
          await server.start();
          await acknowledges(before + 10);
        } finally {
          isOver = true;
          await Promise.all(writers);
        }
        for (const key of acknowledged) expect(await store.get(key)).toMatchObject({ key });
      },
      timeoutMs,
    );
  });
}
