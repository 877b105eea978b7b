/** The part of the conformance suite that is about servers which take TLS. */
import type { ServerTls } from '../../test/servers/server.ts';
import { openStore } from './open.ts';

/** Declares the tests. */
export function tlsConformance({ url, caFile }: ServerTls): void {
  describe('over TLS', () => {
    const isMongo = url.startsWith('mongodb:');
    // MongoDB's driver looks for a better server until its time is over.
    const on = isMongo ? 'tls=true&serverSelectionTimeoutMS=2000' : 'tls=true';
    const known = `${on}&${isMongo ? 'tlsCAFile' : 'tlsCaFile'}=${encodeURIComponent(caFile)}`;
    const byAddress = url.replace('//localhost', '//127.0.0.1').replace('@localhost', '@127.0.0.1');

    async function failureOf(address: string): Promise<unknown> {
      const opened = await openStore(address, '').catch((error: unknown) => error);
      if (opened instanceof Error) return opened;
      throw new Error(`${address} was opened`);
    }

    test('a document is written and read where the authority is named', async () => {
      const store = await openStore(`${url}?${known}`, '');
      const key = `conformance/${crypto.randomUUID()}`;
      await store.put(key, 'confidential', 'absent');
      expect((await store.get(key))?.value).toBe('confidential');
      await store.close();
    });

    test('a certificate of an authority that was not named is refused, and what to do is said', async () => {
      expect(await failureOf(`${url}?${on}`)).toMatchObject({
        name: 'StoreError',
        type: 'unavailable',
        retryable: false,
        message: expect.stringMatching(/certificate.*Name the file of its authority by tlsCaFile/),
      });
    });

    test('a certificate of another host is refused, whoever signed it', async () => {
      expect(await failureOf(`${byAddress}?${known}`)).toMatchObject({
        name: 'StoreError',
        retryable: false,
        message: expect.stringContaining('tlsServerName'),
      });
    });

    if (isMongo) return;

    test('the name in the certificate can be said beside the address', async () => {
      const store = await openStore(`${byAddress}?${known}&tlsServerName=localhost`, '');
      await store.ping();
      await store.close();
      expect(await failureOf(`${url}?${known}&tlsServerName=elsewhere`)).toMatchObject({ retryable: false });
    });

    test('a certificate is not checked where that is said', async () => {
      const store = await openStore(`${byAddress}?tls=unverified`, '');
      await store.ping();
      await store.close();
    });
  });
}
