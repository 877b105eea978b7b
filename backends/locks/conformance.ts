/** What every lock system promises, as a suite. Call it at the top level of a system's test file. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerControl } from '../../test/servers/server.ts';
import { startFencedResource } from './fenced-resource.ts';
import type { FencedResource } from './fenced-resource.ts';
import { startHolderProcess } from './holder-process.ts';
import type { Lease, Locks, LockState } from './port.ts';

export interface LocksUnderTest {
  readonly name: string;
  /** As the setting `locks` has it; what a process needs beside it is in `env`. Called once the suite runs. */
  address(): { readonly url: string; readonly env?: NodeJS.ProcessEnv };
  open(): Promise<Locks>;
  /** Whether waiters get the lock in the order in which they came. */
  readonly isFair: boolean;
  /** The shortest lease that the system keeps to, and how much later it may notice its end. */
  readonly ttlMs: number;
  readonly slackMs: number;
  /** Absent where the server is not ours to kill. */
  control?(): ServerControl | undefined;
}

const contenders = 50;
const longMs = 30_000;

/** Registers the suite. */
export function locksConformance(system: LocksUnderTest): void {
  const { name, ttlMs, slackMs } = system;

  describe(`locks on ${name}`, () => {
    let locks: Locks;
    let others: Locks;
    let resource: FencedResource;
    let key: string;

    beforeAll(async () => {
      locks = await system.open();
      others = await system.open();
    });
    beforeEach(async () => {
      key = `test/ü ${randomUUID()}`;
      resource = await startFencedResource();
    });
    afterEach(() => resource.close());
    afterAll(async () => {
      await locks?.close();
      await others?.close();
    });

    async function have(holder: string, from = locks, leaseMs = longMs): Promise<Lease> {
      const lease = await from.acquire({ key, holder, ttlMs: leaseMs, waitMs: 60_000 });
      if (lease === undefined) throw new Error(`${holder} does not have ${key}`);
      return lease;
    }

    /** Waits until so many wait. */
    async function untilWaiting(count: number): Promise<LockState | undefined> {
      const until = Date.now() + 60_000;
      for (;;) {
        const state = await locks.get(key);
        if (state?.waiting === count) return state;
        if (Date.now() > until) throw new Error(`${state?.waiting} wait, not ${count}`);
        await delay(10);
      }
    }

    const isAfter = (later: Lease, earlier: Lease): boolean => BigInt(later.token) > BigInt(earlier.token);

    it('gives the lock to one holder at a time, under tokens that grow', async () => {
      const first = await have('a');
      expect(first.token).toMatch(/^[1-9]\d*$/);
      expect(first.expiresAt).toBeGreaterThan(Date.now());
      expect(await others.acquire({ key, holder: 'b', ttlMs: longMs, waitMs: 0 })).toBeUndefined();
      await locks.release({ key, holder: 'a', token: first.token });
      const second = await have('b', others);
      expect(isAfter(second, first)).toBe(true);
      await others.release({ key, holder: 'b' });
      const again = await have('a');
      expect(isAfter(again, second)).toBe(true);
      expect(await locks.renew({ key, holder: 'a', token: first.token, ttlMs: longMs })).toBeUndefined();
      expect(await locks.renew({ key, holder: 'a', token: again.token, ttlMs: longMs })).toMatchObject({
        token: again.token,
      });
      // Nothing of an earlier holder, or of an earlier time, lets go of it.
      await locks.release({ key, holder: 'a', token: first.token });
      await locks.release({ key, holder: 'b' });
      expect(await locks.get(key)).toMatchObject({ held: { holder: 'a', token: again.token } });
      await locks.release({ key, holder: 'a' });
      await locks.release({ key, holder: 'a' });
      expect(await locks.get(key)).toBeUndefined();
    });

    it('gives a holder its token again, also to another process', async () => {
      const lease = await have('a');
      expect((await have('a', others)).token).toBe(lease.token);
      expect(await others.renew({ key, holder: 'a', token: lease.token, ttlMs: longMs })).toBeDefined();
      await others.release({ key, holder: 'a', token: lease.token });
      expect(await locks.renew({ key, holder: 'a', token: lease.token, ttlMs: longMs })).toBeUndefined();
    });

    it('lets who was late leave the queue, and keeps the place of who is interrupted', async () => {
      const held = await have('a');
      expect(await others.acquire({ key, holder: 'late', ttlMs: longMs, waitMs: 300 })).toBeUndefined();
      const { signal, abort } = abortable();
      const interrupted = others.acquire({ key, holder: 'b', ttlMs: longMs, waitMs: 60_000, signal });
      await untilWaiting(1);
      const behind = have('c', others);
      await untilWaiting(2);
      abort();
      await expect(interrupted).rejects.toThrow();
      const back = have('b', locks);
      await locks.release({ key, holder: 'a', token: held.token });
      if (system.isFair) {
        const lease = await back;
        await locks.release({ key, holder: 'b', token: lease.token });
        expect(isAfter(await behind, lease)).toBe(true);
      } else {
        const first = await Promise.race([back.then(() => 'b'), behind.then(() => 'c')]);
        await locks.release({ key, holder: first });
        await Promise.all([back, behind]);
      }
      await others.release({ key, holder: 'b' });
      await others.release({ key, holder: 'c' });
    });

    it('gives the place of who does not come back to the next one', async () => {
      const held = await have('a');
      const { signal, abort } = abortable();
      const gone = others.acquire({ key, holder: 'gone', ttlMs: longMs, waitMs: 60_000, signal });
      await untilWaiting(1);
      const behind = have('b', others);
      await untilWaiting(2);
      abort();
      await expect(gone).rejects.toThrow();
      await locks.release({ key, holder: 'a', token: held.token });
      const { token } = await behind;
      expect(await locks.get(key)).toMatchObject({ held: { holder: 'b', token }, waiting: 0 });
      await others.release({ key, holder: 'b', token });
    });

    it('tells who holds a lock and who waits, and lists locks in pages', async () => {
      const begun = Date.now() - 60_000;
      const held = await have('a');
      const b = have('b', others);
      await untilWaiting(1);
      const c = have('c', others);
      const state = await untilWaiting(2);
      expect(state).toMatchObject({ key, held: { holder: 'a', token: held.token } });
      expect(state?.held?.since).toBeGreaterThan(begun);
      expect(state?.held?.expiresAt).toBeGreaterThan(Date.now());
      const queue = state?.queue.map(({ holder }) => holder) ?? [];
      expect(system.isFair ? queue : [...queue].sort()).toEqual(['b', 'c']);

      const more = [0, 1, 2].map((number) => `${key} ${number}`);
      for (const other of more)
        await locks.acquire({ key: other, holder: 'a', ttlMs: longMs, waitMs: 10_000 });
      const wanted = [key, ...more];
      let found: string[] = [];
      const until = Date.now() + 20_000;
      // Some lists lag behind.
      while (found.length < wanted.length && Date.now() < until) {
        found = [];
        let cursor: string | undefined;
        do {
          const page = await locks.list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
          expect(page.locks.length).toBeLessThanOrEqual(2);
          found.push(...page.locks.map((lock) => lock.key).filter((one) => wanted.includes(one)));
          cursor = page.nextCursor;
        } while (cursor !== undefined);
      }
      expect(found.sort()).toEqual(wanted.sort());

      for (const other of more) await locks.release({ key: other, holder: 'a' });
      await locks.release({ key, holder: 'a' });
      const first = await Promise.race([b.then(() => 'b'), c.then(() => 'c')]);
      await locks.release({ key, holder: first });
      await Promise.all([b, c]);
      await locks.release({ key, holder: first === 'b' ? 'c' : 'b' });
    });

    it('passes on a lock whose lease ran out, and tells its holder', async () => {
      const first = await have('a', locks, ttlMs);
      const second = await have('b', others);
      expect(isAfter(second, first)).toBe(true);
      expect(await locks.renew({ key, holder: 'a', token: first.token, ttlMs })).toBeUndefined();
      await locks.release({ key, holder: 'a', token: first.token });
      expect(await locks.get(key)).toMatchObject({ held: { holder: 'b', token: second.token } });
      await others.release({ key, holder: 'b' });
    });

    it('gives a lock whose lease ran out back to its holder while nobody else has had it', async () => {
      const first = await have('a', locks, ttlMs);
      await delay(ttlMs + slackMs);
      expect((await have('a', others)).token).toBe(first.token);
      await others.release({ key, holder: 'a' });
    });

    it(`hands the lock to each of ${contenders} contenders, one at a time`, async () => {
      const held = await have('first');
      resource.write('first', held.token);
      const order: string[] = [];
      let inside = 0;
      const runs: Promise<void>[] = [];
      for (let index = 0; index < contenders; index += 1) {
        const holder = `contender-${index}`;
        const from = index % 2 === 0 ? locks : others;
        runs.push(
          (async () => {
            const { token } = await have(holder, from);
            inside += 1;
            expect(inside).toBe(1);
            order.push(holder);
            expect(resource.write(holder, token)).toBe(true);
            await delay(2);
            inside -= 1;
            await from.release({ key, holder, token });
          })(),
        );
        await untilWaiting(index + 1);
      }
      await locks.release({ key, holder: 'first', token: held.token });
      await Promise.all(runs);
      expect(new Set(order).size).toBe(contenders);
      if (system.isFair) expect(order).toEqual(order.map((_, index) => `contender-${index}`));
      expectOneHolderForEachToken(resource);
      expect(await locks.get(key)).toBeUndefined();
    });

    it('keeps a holder that was stopped past its lease from doing harm', async () => {
      const { url, env } = system.address();
      const sleeper = startHolderProcess([url, key, 'sleeper', String(ttlMs), resource.url], env);
      try {
        await sleeper.says(({ status }) => status === 200);
        // It is kept for longer than one lease, which is worth the wait where that is short.
        if (ttlMs < 5_000) await delay(ttlMs + slackMs);
        expect(await others.acquire({ key, holder: 'b', ttlMs: longMs, waitMs: 0 })).toBeUndefined();
        sleeper.signal('SIGSTOP');
        const next = await have('b', others);
        expect(resource.write('b', next.token)).toBe(true);
        const said = sleeper.lines.length;
        sleeper.signal('SIGCONT');
        expect(await sleeper.says(({ status }) => status === 409, said)).toMatchObject({ status: 409 });
        await sleeper.says(({ lost }) => lost === true, said);
        expect(resource.write('b', next.token)).toBe(true);
        expectOneHolderForEachToken(resource);
        await others.release({ key, holder: 'b' });
      } finally {
        await sleeper.kill();
      }
    });

    it('gives no token twice where the server is killed and started again', async () => {
      const control = system.control?.();
      if (control === undefined) return;
      const patient = async (holder: string, from: Locks): Promise<Lease> => {
        const until = Date.now() + 60_000;
        for (;;) {
          try {
            return await have(holder, from);
          } catch (error) {
            if (Date.now() > until) throw error;
            await delay(200);
          }
        }
      };
      const held = await have('a');
      resource.write('a', held.token);
      const waiting = patient('b', others);
      await untilWaiting(1);
      await control.kill();
      const away = patient('c', locks);
      await delay(200);
      await control.start();
      // Either it was kept through the restart, or it is lost for good.
      const again = await patiently(() =>
        locks.renew({ key, holder: 'a', token: held.token, ttlMs: longMs }),
      );
      if (again !== undefined) {
        expect(resource.write('a', again.token)).toBe(true);
        await patiently(() => locks.release({ key, holder: 'a', token: held.token }));
      }
      for (let left = 2; left > 0; left -= 1) {
        const holders = { b: waiting, c: away };
        const remaining = Object.entries(holders).filter(
          ([holder]) => !resource.writes.some((write) => write.holder === holder),
        );
        const [holder, lease] = await Promise.race(
          remaining.map(async ([one, had]) => [one, await had] as const),
        );
        expect(resource.write(holder, lease.token)).toBe(true);
        await patiently(() => locks.release({ key, holder, token: lease.token }));
      }
      expect(resource.write('a', held.token)).toBe(false);
      expectOneHolderForEachToken(resource);
    });
  });
}

/** No two holders share a token that the resource accepted, and accepted tokens only grow. */
function expectOneHolderForEachToken({ writes }: FencedResource): void {
  const accepted = writes.filter(({ isAccepted }) => isAccepted);
  const holders = Map.groupBy(accepted, ({ token }) => token);
  for (const [token, found] of holders)
    expect([token, new Set(found.map(({ holder }) => holder)).size]).toEqual([token, 1]);
  const tokens = accepted.map(({ token }) => BigInt(token));
  expect(tokens.every((token, index) => index === 0 || token >= (tokens[index - 1] ?? 0n))).toBe(true);
}

/** Does it again while the server is not back. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const until = Date.now() + 60_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > until) throw error;
      await delay(200);
    }
  }
}

function abortable(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
