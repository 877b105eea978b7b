/** What holds for executions under locks, on any lock system. Call it at the top level of a test file. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { Lease } from '../../backends/locks/port.ts';
import type { Json } from '../../dsl/json.ts';
import { lockLostType } from '../../dsl/lock.ts';
import { startDefinitionService, type DefinitionService } from '../engine/definition-service.ts';
import { cancelled, reports, waits } from '../engine/undoing.ts';
import { Refusal, startPartner, type Partner } from '../partner.ts';
import { eventually } from '../service-process.ts';

const root = join(__dirname, '../..');

/** A request to the partner that waits for its answer. */
interface Work {
  readonly who: string;
  readonly token: string;
  readonly done: (status?: number) => void;
}

/** Registers the rules; `locksUrl` is asked for once the tests run. */
export function lockedExecutions(name: string, locksUrl: () => string): void {
  describe(`executions under locks of ${name}`, () => {
    let partner: Partner;
    let service: DefinitionService;
    let key: string;
    let works: Work[] = [];

    beforeAll(async () => {
      partner = await startPartner(async ({ body }) => {
        const { who, token, wait } = JSON.parse(body) as { who: string; token: string; wait?: boolean };
        if (wait === false) return { token };
        const status = await new Promise<number | undefined>((resolve) => {
          works.push({ who, token, done: resolve });
        });
        if (status !== undefined) throw new Refusal(status);
        return { token };
      });
      service = await startDefinitionService(root, [new URL(partner.url).host], {}, undefined, locksUrl());
    }, 120_000);
    beforeEach(() => {
      key = `stock/${randomUUID()}`;
      works = [];
    });
    afterAll(async () => {
      await service?.close();
      await partner?.close();
    });

    const call = (wait = true): string =>
      `call: http, with: { method: post, endpoint: '${partner.url}/work', body: { who: '\${ $workflow.input.who }', wait: ${wait}, token: '\${ $task.lock.token }' } }`;
    const lock = (more = ''): string =>
      `metadata: { lock: { key: 'stock/\${ $workflow.input.sku }', ttl: PT5S${more} } }`;
    const guarded = (more = ''): string => `{ guarded: { ${lock(more)}, do: [{ work: { ${call()} } }] } }`;
    const input = (who: string): Json => ({ who, sku: key.slice('stock/'.length) });

    /** The work of somebody, once it has begun. */
    const workOf = (who: string, from = 0): Promise<Work> =>
      eventually(`work of ${who}`, async () => works.slice(from).find((work) => work.who === who), {
        everyMs: 20,
      });
    const free = (): Promise<true> =>
      eventually(
        'a free lock',
        async () => ((await service.locks.get(key)) === undefined ? true : undefined),
        {
          everyMs: 50,
          timeoutMs: 4_000,
        },
      );
    const holder = async (): Promise<string | undefined> => (await service.locks.get(key))?.held?.holder;

    async function take(as = 'test'): Promise<Lease> {
      const lease = await service.locks.acquire({ key, holder: as, ttlMs: 60_000, waitMs: 60_000 });
      if (lease === undefined) throw new Error('The lock is not free');
      return lease;
    }
    const giveBack = (as = 'test'): Promise<void> => service.locks.release({ key, holder: as });

    it('let one in at a time, in order, and tell their tasks the token', async () => {
      const first = await service.start(`do: [${guarded()}]`, input('a'));
      const one = await workOf('a');
      const second = await service.start(`do: [${guarded()}]`, input('b'));
      await waits(second);
      expect(await service.locks.get(key)).toMatchObject({
        held: { token: one.token },
        waiting: 1,
        queue: [{ holder: expect.stringContaining(second.workflowId) as string }],
      });
      expect(works).toHaveLength(1);
      one.done();
      const two = await workOf('b');
      expect((await service.ended(first)).output).toEqual({ token: one.token });
      expect(BigInt(two.token)).toBeGreaterThan(BigInt(one.token));
      two.done();
      expect((await service.ended(second)).output).toEqual({ token: two.token });
      await free();
    });

    it('hold a lock around every kind of task, and tell their own expressions', async () => {
      const { output } = await service.ended(
        await service.start(
          `do: [
            { called: { ${lock()}, ${call(false)}, export: { as: { called: '\${ .token }' } } } },
            { loop: { ${lock()}, for: { in: '\${ [1, 2] }' }, do: [{ each: { set: { tokens: '\${ (.tokens // []) + [$task.lock.token] }' } } }], output: { as: '\${ . + { mine: $task.lock.token } }' } } },
            { branches: { ${lock()}, fork: { branches: [{ one: { set: '\${ $task.lock.key }' } }, { two: { set: '\${ $task.lock.token }' } }] }, output: { as: { loop: '\${ $input.tokens }', mine: '\${ $input.mine }', key: '\${ .[0] }', fork: '\${ .[1] }', called: '\${ $context.called }', own: '\${ $task.lock.token }' } } } },
            { after: { set: '\${ . + { none: $task.lock } }' } }]`,
          input('a'),
        ),
      );
      const { called = '', loop, mine = '', fork, own = '' } = output as Record<string, string>;
      expect(output).toMatchObject({ key, none: null });
      expect(loop).toEqual([mine, mine]);
      expect(own).toBe(fork);
      expect(BigInt(mine)).toBeGreaterThan(BigInt(called));
      expect(BigInt(own)).toBeGreaterThan(BigInt(mine));
      await free();
    });

    it('let go when a task faults', async () => {
      const { error } = await service.ended(
        await service.start(
          `do: [{ guarded: { ${lock()}, do: [{ fail: { raise: { error: { type: 'https://x.test/bad', status: 500 } } } }] } }]`,
          input('a'),
        ),
      );
      expect(error).toMatchObject({ type: 'https://x.test/bad' });
      await free();
    });

    it('let go when they are cancelled, and leave the queue', async () => {
      const first = await service.start(`do: [${guarded()}]`, input('a'));
      await workOf('a');
      const second = await service.start(`do: [${guarded()}]`, input('b'));
      await waits(second);
      await second.cancel();
      await cancelled(second);
      expect(await service.locks.get(key)).toMatchObject({ waiting: 0 });
      await first.cancel();
      await cancelled(first);
      await free();
    });

    it('let go when they are terminated, long before the lease is over', async () => {
      const long = lock().replace('PT5S', 'PT10M');
      const first = await service.start(
        `do: [{ guarded: { ${long}, do: [{ work: { ${call()} } }] } }]`,
        input('a'),
      );
      const { token } = await workOf('a');
      await eventually('a lock that is kept', async () => ((await isKept(first)) ? true : undefined));
      await first.terminate('no more');
      const second = await service.start(`do: [${guarded()}]`, input('b'));
      const next = await workOf('b');
      expect(BigInt(next.token)).toBeGreaterThan(BigInt(token));
      next.done();
      await service.ended(second);
    }, 90_000);

    it('go on under the same token when they continue as new', async () => {
      const body = `do: [{ guarded: { ${lock()}, do: [
        { first: { ${call(false)}, output: { as: { tokens: ['\${ .token }'] } } } },
        { loop: { for: { in: '\${ [range(12)] }' }, do: [{ pause: { wait: { milliseconds: 5 } } }, { note: { set: { tokens: '\${ .tokens + [$task.lock.token] }' } } }] } },
        { last: { ${call()}, output: { as: '\${ $task.input.tokens + [.token] }' } } } ] } }]`;
      const handle = await service.start(body, input('a'), { historyEvents: 30 });
      const before = (await handle.describe()).runId;
      const work = await workOf('a');
      expect(await holder()).toContain(handle.workflowId);
      work.done();
      const { output } = await service.ended(handle);
      expect(output).toHaveLength(14);
      expect(new Set(output as string[])).toEqual(new Set([work.token]));
      expect((await service.client.workflow.getHandle(handle.workflowId).describe()).runId).not.toBe(before);
      await free();
    });

    it('keep their place in the queue when they continue as new', async () => {
      await take();
      const loop = `{ loop: { for: { in: '\${ [range(8)] }' }, do: [{ pause: { wait: { milliseconds: 5 } } }] } }`;
      const handle = await service.start(
        `do: [{ both: { fork: { branches: [{ wants: { do: [${guarded()}] } }, { spins: { do: [${loop}] } }] } } }]`,
        input('a'),
        { historyEvents: 30 },
      );
      const first = (await handle.describe()).runId;
      await eventually('another run', async () =>
        (await service.client.workflow.getHandle(handle.workflowId).describe()).runId === first
          ? undefined
          : true,
      );
      const second = await service.start(`do: [${guarded()}]`, input('b'));
      await waits(second);
      await giveBack();
      (await workOf('a')).done();
      (await workOf('b')).done();
      await Promise.all([service.ended(handle), service.ended(second)]);
      expect(works.map(({ who }) => who)).toEqual(['a', 'b']);
    });

    it('end a task whose lock was lost with an error that names it, which try catches', async () => {
      const body = `do: [{ risky: { try: [${guarded()}], catch: { as: problem, errors: { with: { type: '${lockLostType}', status: 409 } }, do: [{ tell: { set: '\${ $problem }' } }] } } }]`;
      const handle = await service.start(body, input('a'));
      const { token } = await workOf('a');
      const held = await holder();
      // As if its lease had run out and somebody else had come.
      await service.locks.release({ key, holder: held ?? '', token });
      const lease = await take();
      expect(BigInt(lease.token)).toBeGreaterThan(BigInt(token));
      const { output } = await service.ended(handle);
      expect(output).toMatchObject({
        type: lockLostType,
        status: 409,
        instance: '/do/0/risky/try/0/guarded',
      });
      expect(JSON.stringify(output)).toContain(key);
      await eventually('the end of its work', async () => (partner.waiting === 0 ? true : undefined));
      await giveBack();
    });

    it('fault with a timeout when the lock is not to be had in time', async () => {
      await take();
      const waiting = await service.start(`do: [${guarded(', wait: PT1S')}]`, input('a'));
      const trying = await service.start(`do: [${guarded(', wait: PT0S')}]`, input('b'));
      const limited = await service.start(
        `do: [{ guarded: { ${lock()}, timeout: { after: PT1S }, do: [{ work: { ${call()} } }] } }]`,
        input('c'),
      );
      for (const handle of [waiting, trying, limited]) {
        const { error } = await service.ended(handle);
        expect(error).toMatchObject({ status: 408, instance: '/do/0/guarded' });
      }
      expect(works).toHaveLength(0);
      expect(await service.locks.get(key)).toMatchObject({ held: { holder: 'test' }, waiting: 0 });
      await giveBack();
    });

    it('begin nothing under a lock that they get while they are suspended', async () => {
      await take();
      const handle = await service.start(`do: [${guarded()}]`, input('a'));
      await waits(handle);
      await handle.executeUpdate('perdure-suspend');
      await giveBack();
      await eventually('the lock', async () =>
        (await holder())?.includes(handle.workflowId) ? true : undefined,
      );
      await service.pass(500);
      expect(works).toHaveLength(0);
      await handle.executeUpdate('perdure-resume');
      (await workOf('a')).done();
      await service.ended(handle);
      await free();
    });

    it('take the lock again for a retry of a task that failed under it', async () => {
      const handle = await service.start(
        `do: [${guarded()}]`,
        input('a'),
        {},
        undefined,
        'metadata: { onFault: hold }',
      );
      const first = await workOf('a');
      first.done(422);
      await reports('a held fault', handle, ({ held }) => held === true);
      await free();
      await handle.executeUpdate('perdure-retry', { args: [{}] });
      const second = await workOf('a', 1);
      expect(BigInt(second.token)).toBeGreaterThan(BigInt(first.token));
      expect(await holder()).toContain(handle.workflowId);
      second.done();
      expect((await service.ended(handle)).output).toEqual({ token: second.token });
      await free();
    });

    /** Whether the activity that keeps the lock is at work. */
    async function isKept(handle: WorkflowHandle): Promise<boolean> {
      const { raw } = await handle.describe();
      return (raw.pendingActivities ?? []).some(
        ({ activityType, lastHeartbeatTime }) =>
          activityType?.name === 'keepLock' && lastHeartbeatTime !== null && lastHeartbeatTime !== undefined,
      );
    }
  });
}
