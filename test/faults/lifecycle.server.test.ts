/** The service dies while it publishes lifecycle events: every one arrives, in order, and always under the same id. */
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiClient } from '../client.ts';
import { startEventSink } from '../event-sink.ts';
import { eventually, startService } from '../service-process.ts';

const root = join(__dirname, '../..');

const definition = `
document: { dsl: '1.0.3', namespace: faults, name: told, version: '1.0.0' }
do:
  - first: { set: { n: 1 } }
  - pause: { wait: { milliseconds: 500 } }
  - second: { set: { n: 2 } }
`;

test('worker and Temporal server are killed in the middle of a batch', async () => {
  const running: { stop(): Promise<void> }[] = [];
  let letGo = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  // The first delivery of the fifth event is held until its publisher has died.
  const sink = await startEventSink(async ({ sequence }, deliveries) => {
    if (Number(sequence) === 5 && deliveries === 1) await released;
    return 204;
  });
  running.push({ stop: () => sink.close() });
  try {
    const data = await mkdtemp(join(tmpdir(), 'perdure-lifecycle-'));
    running.push({ stop: () => rm(data, { recursive: true, force: true }) });
    const env = { PERDURE_EVENTS: sink.url, PERDURE_LIFECYCLE: 'all', PERDURE_DATA: data };
    const before = await startService(root, env);
    running.push(before);
    const client = apiClient(before.url);
    expect((await client.deploy(definition)).status).toBe(201);
    const { id } = (await client.start({ workflow: 'faults/told', input: {} })).body;
    await eventually('the fifth event', async () => sink.events[4]);
    const record = JSON.parse(await readFile(join(data, 'temporal.json'), 'utf8')) as {
      readonly pid: number;
    };
    await before.kill();
    process.kill(record.pid, 'SIGKILL');
    letGo();

    const after = await startService(root, env);
    running.push(after);
    expect(await apiClient(after.url).ended(id)).toMatchObject({ status: 'completed', output: { n: 2 } });
    const { events, deliveries } = sink;
    expect(events.map(({ sequence }) => Number(sequence))).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)).toMatchObject({ data: { status: 'completed' }, subject: id });
    const ofTask = (name: string) =>
      events.filter(({ type, data: told }) => type.includes('.task.') && JSON.stringify(told).includes(name));
    // Created, started and completed, each with its phase; the wait has a phase more.
    expect([ofTask('first').length, ofTask('pause').length, ofTask('second').length]).toEqual([6, 7, 6]);
    expect(deliveries.get(events[4]?.id ?? '')).toBeGreaterThan(1);
  } finally {
    for (const thing of running.toReversed()) await thing.stop();
  }
}, 180_000);
