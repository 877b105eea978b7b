/** Undoing that fails, is tried again and is given up; and who says whether anything is undone at all. */
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { heldAnswer, startDesks, type Desk, type Desks } from '../desk.ts';
import { Refusal } from '../partner.ts';
import { operationUpdates } from '../../workflows/contract.ts';
import { startDefinitionService, type DefinitionService } from './definition-service.ts';
import { bad, came, cancelled, faulted, pause, reports, statusOf, undoings, waits } from './undoing.ts';

const root = join(__dirname, '../..');
let desks: Desks;
let service: DefinitionService;

beforeAll(async () => {
  desks = await startDesks();
  service = await startDefinitionService(root, [new URL(desks.partner.url).host]);
}, 120_000);

afterAll(async () => {
  await service?.close();
  await desks?.close();
});

describe('an undoing that does not succeed at once', () => {
  test('is tried again under the same key; one that never does is recorded, and the others run', async () => {
    const desk = desks.desk();
    desk.answer('undo/s3', async () => {
      throw new Refusal(502);
    });
    desk.answer('undo/s2', async (nth) => {
      if (nth <= 2) throw new Refusal(503);
      return { done: true };
    });
    const { report, error } = await faulted(
      service,
      `do: [${[1, 2, 3].map((n) => desk.step(`s${n}`)).join(', ')}, ${bad}]`,
    );
    expect(error).toMatchObject({ title: 'Bad' });
    const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
    expect(desk.undone()).toEqual([...times(5, 's3'), ...times(3, 's2'), 's1']);
    for (const name of ['s1', 's2', 's3'])
      expect(new Set(desk.requests(`undo/${name}`).map(({ key }) => key)).size).toBe(1);
    expect(report.compensations).toEqual([
      {
        reference: '/do/2/s3',
        name: 's3',
        status: 'failed',
        error: expect.objectContaining({ status: 502, instance: '/do/2/s3/metadata/compensate/0/undo' }),
      },
      { reference: '/do/1/s2', name: 's2', status: 'completed' },
      { reference: '/do/0/s1', name: 's1', status: 'completed' },
    ]);
    const attempts = report.tasks.filter(({ reference }) => reference.startsWith('/do/2/s3/metadata/'));
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
  }, 60_000);

  test('may catch its own fault, and be a list of any tasks', async () => {
    const desk = desks.desk();
    desk.answer('do/refund', async () => {
      throw new Refusal(409);
    });
    const undo = `[{ risky: { try: [${desk.plain('refund')}], catch: { errors: { with: { status: 409 } }, do: [${desk.plain('voucher')}] } } }, { rest: { wait: { milliseconds: 20 } } }, { all: { fork: { branches: [${desk.plain('a')}, ${desk.plain('b')}] } } }, { stop: { if: '\${ true }', set: { n: 1 }, then: end } }, ${desk.plain('never')}]`;
    const { report } = await faulted(
      service,
      `do: [${desk.step('first')}, { second: { set: { n: 1 }, metadata: { compensate: ${undo} } } }, ${bad}]`,
    );
    const [first, refund, voucher, ...others] = desk.paths();
    expect([first, refund, voucher]).toEqual(['do/first', 'do/refund', 'do/voucher']);
    expect([others.slice(0, 2).toSorted(), others.slice(2)]).toEqual([['do/a', 'do/b'], ['undo/first']]);
    expect(undoings(report)).toEqual(['second completed', 'first completed']);
  });

  test('goes on when somebody cancels again, and refuses to be held', async () => {
    const desk = desks.desk();
    const { reply, release } = heldAnswer();
    desk.answer('undo/s2', reply);
    const handle = await service.start(`do: [${desk.step('s1')}, ${desk.step('s2')}, ${pause}]`, {});
    await waits(handle);
    await handle.cancel();
    await came(desk, 'undo/s2');
    await handle.cancel();
    await expect(handle.executeUpdate(operationUpdates.suspend)).rejects.toMatchObject({
      cause: { type: 'perdure/execution-ending' },
    });
    release();
    await cancelled(handle);
    expect(desk.undone()).toEqual(['s2', 's1']);
  });
});

describe('who ends an execution says whether it is undone', () => {
  const started = async (desk: Desk, header = '', last = pause): Promise<WorkflowHandle> => {
    const body = `do: [${desk.step('s1')}, ${desk.step('s2')}, ${last}]`;
    const handle = await service.start(body, {}, {}, undefined, header);
    await came(desk, 'do/s2');
    return handle;
  };
  const prepare = (handle: WorkflowHandle, compensate: boolean): Promise<unknown> =>
    handle.executeUpdate(operationUpdates.prepareCancel, { args: [{ compensate }] });

  test('a cancel that wants nothing undone', async () => {
    const desk = desks.desk();
    const handle = await started(desk);
    await prepare(handle, false);
    await handle.cancel();
    expect(undoings(await cancelled(handle))).toEqual(['s2 registered', 's1 registered']);
    expect(desk.undone()).toEqual([]);
  });

  test('a cancel that wanted nothing undone, and then did', async () => {
    const desk = desks.desk();
    const handle = await started(desk);
    await prepare(handle, false);
    await prepare(handle, true);
    await handle.cancel();
    await cancelled(handle);
    expect(desk.undone()).toEqual(['s2', 's1']);
  });

  test('a fault is undone whatever a cancel would have done', async () => {
    const desk = desks.desk();
    const handle = await started(desk, '', `{ short: { wait: { seconds: 1 } } }, ${bad}`);
    await prepare(handle, false);
    expect((await service.ended(handle)).error).toMatchObject({ title: 'Bad' });
    expect(desk.undone()).toEqual(['s2', 's1']);
  });

  test('a terminate', async () => {
    const desk = desks.desk();
    const handle = await started(desk);
    await handle.terminate();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'TerminatedFailure' } });
    expect(desk.undone()).toEqual([]);
  });

  test('a fault that is held undoes nothing, until somebody cancels', async () => {
    const desk = desks.desk();
    const { reply, release } = heldAnswer();
    desk.answer('undo/s2', reply);
    const handle = await started(desk, 'metadata: { onFault: hold }', bad);
    const report = await reports('a held execution', handle, ({ held }) => held === true);
    expect([report.status, undoings(report)]).toEqual(['faulted', ['s2 registered', 's1 registered']]);
    expect(desk.undone()).toEqual([]);
    await handle.cancel();
    await came(desk, 'undo/s2');
    const undoing = await statusOf(handle);
    expect([undoing.status, undoing.held]).toEqual(['running', undefined]);
    release();
    expect(await cancelled(handle)).toMatchObject({ status: 'cancelled', error: { title: 'Bad' } });
    expect(desk.undone()).toEqual(['s2', 's1']);
  });

  test('a suspended execution does not wait for its resume', async () => {
    const desk = desks.desk();
    const handle = await started(desk, '', `{ short: { wait: { seconds: 1 } } }, ${desk.step('s3')}`);
    await handle.executeUpdate(operationUpdates.suspend);
    await handle.cancel();
    const report = await cancelled(handle);
    expect([desk.undone(), report.suspendedAt]).toEqual([['s2', 's1'], undefined]);
  });
});
