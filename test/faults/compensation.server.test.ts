/** Workers die while they undo: every step that was started is undone, in order, and what was interrupted under its key. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiClient, type ApiClient } from '../client.ts';
import { heldAnswer, startDesks, type Desk, type Desks } from '../desk.ts';
import { eventually } from '../service-process.ts';
import { startSplitService, type SplitService, type WorkerProcess } from '../split-service.ts';

const root = join(__dirname, '../..');
let folder: string;
let desks: Desks;
let service: SplitService;
let client: ApiClient;
let worker: WorkerProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perdure-compensation-'));
  const config = join(folder, 'short-runs.yaml');
  await writeFile(config, 'limits: { historyEvents: 100 }\n');
  desks = await startDesks();
  service = await startSplitService(root, {
    PERDURE_OUTGOING_ALLOW: new URL(desks.partner.url).host,
    PERDURE_CONFIG: config,
  });
  client = apiClient(service.url);
  worker = await service.startWorker();
}, 180_000);

afterAll(async () => {
  await service?.stop();
  await desks?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Kills the worker, lets the partner answer into the void, and starts another one. */
async function crash(release: () => void): Promise<void> {
  await worker.kill();
  release();
  worker = await service.startWorker();
}

let definitions = 0;

/** Starts a definition with these tasks, and gives the execution's id. */
async function started(tasks: string): Promise<string> {
  definitions += 1;
  const header = `{ dsl: '1.0.3', namespace: faults, name: undone-${definitions}, version: '1.0.0' }`;
  const deployed = await client.deploy(`document: ${header}\ndo: [${tasks}]`);
  expect([deployed.status, deployed.body]).toEqual([201, expect.anything()]);
  return (await client.start({ workflow: `faults/undone-${definitions}`, input: {} })).body.id;
}

/** What came without its repetitions, each of which has to have the key of the first one. */
function once(desk: Desk): readonly string[] {
  const paths = [...new Set(desk.paths())];
  for (const path of paths) {
    expect([path, new Set(desk.requests(path).map(({ key }) => key)).size]).toEqual([path, 1]);
  }
  return paths;
}

const steps = [1, 2, 3, 4, 5];
const endings = [
  ['faulted', `{ fail: { raise: { error: { type: 'https://x.test/bad', status: 500, title: Bad } } } }`],
  ['cancelled', `{ pause: { wait: PT1H } }`],
] as const;

test('the worker is killed while it undoes one of five steps, after a fault and after a cancellation', async () => {
  const hangs: { readonly desk: Desk; readonly k: number; readonly release: () => void }[] = [];
  const executions: {
    readonly desk: Desk;
    readonly k: number;
    readonly id: string;
    readonly ending: string;
  }[] = [];
  for (const k of steps) {
    for (const [ending, last] of endings) {
      const desk = desks.desk();
      const { reply, release } = heldAnswer();
      desk.answer(`undo/s${k}`, (nth) => (nth === 1 ? reply(nth) : Promise.resolve({})));
      hangs.push({ desk, k, release });
      const id = await started(`${steps.map((n) => desk.step(`s${n}`)).join(', ')}, ${last}`);
      executions.push({ desk, k, id, ending });
      if (ending !== 'cancelled') continue;
      await eventually('the last step', async () =>
        (await client.get(id)).status === 'waiting' ? true : undefined,
      );
      await client.post(`/v1/executions/${id}/cancel`, {});
    }
  }
  await eventually('an undoing of each that hangs', async () =>
    hangs.every(({ desk, k }) => desk.requests(`undo/s${k}`).length > 0) ? true : undefined,
  );
  // One more is cancelled in the middle of a step, which the worker does not live to end.
  const middle = desks.desk();
  const { reply, release: releaseMiddle } = heldAnswer();
  middle.answer('do/s3', reply);
  const cancelledInStep = await started(steps.map((n) => middle.step(`s${n}`)).join(', '));
  await eventually('the step', async () => (middle.requests('do/s3').length > 0 ? true : undefined));
  await client.post(`/v1/executions/${cancelledInStep}/cancel`, {});
  await crash(() => {
    for (const { release } of hangs) release();
    releaseMiddle();
  });
  expect((await client.ended(cancelledInStep)).status).toBe('cancelled');
  expect(middle.paths()).toEqual(['do/s1', 'do/s2', 'do/s3', 'undo/s3', 'undo/s2', 'undo/s1']);
  for (const { desk, k, id, ending } of executions) {
    const { status, error } = await client.ended(id);
    expect([status, error?.type]).toEqual([ending, ending === 'faulted' ? 'https://x.test/bad' : undefined]);
    const undoing = steps.toReversed().map((n) => `undo/s${n}`);
    expect(once(desk)).toEqual([...steps.map((n) => `do/s${n}`), ...undoing]);
    // Nobody knows whether the first one was heard: it is sent again, and what was answered is not.
    for (const path of once(desk))
      expect([path, desk.requests(path).length > 1]).toEqual([path, path === `undo/s${k}`]);
  }
}, 180_000);

test('it is killed twice while dozens of steps are undone, over several runs', async () => {
  const desk = desks.desk();
  const hangs = [30, 10].map((n) => {
    const { reply, release } = heldAnswer();
    desk.answer(`undo/one-${n}`, (nth) => (nth === 1 ? reply(nth) : Promise.resolve({})));
    return { path: `undo/one-${n}`, release };
  });
  const undo = desk.compensate(String.raw`one-\($item)`);
  const [[, fail]] = endings;
  const id = await started(
    `{ each: { for: { in: '\${ [range(40)] }' }, do: [{ one: { set: { n: '\${ $item }' }, ${undo} } }] } }, ${fail}`,
  );
  const runs = new Set<string>();
  for (const { path, release } of hangs) {
    await eventually(path, async () => (desk.requests(path).length > 0 ? true : undefined));
    runs.add((await client.get(id)).runId);
    await crash(release);
  }
  const { status, runId } = await client.ended(id);
  expect(status).toBe('faulted');
  expect(runs.add(runId).size).toBe(3);
  expect(once(desk)).toEqual(Array.from({ length: 40 }, (_, index) => `undo/one-${39 - index}`));
}, 180_000);
