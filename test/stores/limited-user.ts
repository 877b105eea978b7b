/** What a service's own user needs once somebody else has made the tables. */
import type { Place } from '../../backends/store/conformance.ts';
import { openStore } from '../../backends/store/open.ts';

export interface LimitedUser {
  /** A place where no store has been. */
  readonly place: Place;
  /** The same place as a user who may read there and not make tables. */
  readonly url: string;
  /** Gives that user, by the tables that are there now, what docs/stores.md lists. */
  readonly grant: () => Promise<unknown>;
}

/** Declares the test. */
export function limitedUserConformance(name: string, make: () => Promise<LimitedUser>): void {
  test(`a user of ${name} who may not make tables is told what to do, and needs few rights then`, async () => {
    const { place, url, grant } = await make();
    await expect(openStore(url, '')).rejects.toMatchObject({
      name: 'StoreError',
      type: 'unavailable',
      retryable: false,
      message: expect.stringContaining('Run `perdure store migrate` with a user'),
    });
    await (await openStore(place.url, place.data)).close();
    await grant();
    const store = await openStore(url, '');
    const version = await store.put('a', 1, 'absent');
    expect(await store.put('a', 2, { version: version ?? '' })).toBeDefined();
    expect((await store.insertAll([{ key: 'a', value: 3 }])).has('a')).toBe(true);
    expect((await store.scan('', { limit: 10 })).documents).toMatchObject([{ key: 'a', value: 2 }]);
    expect(await store.delete('a', 'any')).toBe(true);
    await store.ping();
    await store.close();
  });
}
