/** Definitions that start by time, through the service as its users run it. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiClient, type ApiClient } from '../client.ts';
import { eventually, startService, type Service } from '../service-process.ts';

const root = join(__dirname, '../..');
let data: string;
let service: Service;
let client: ApiClient;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'perdure-schedules-'));
  service = await startService(root, { PERDURE_DATA: data });
  client = apiClient(service.url);
}, 120_000);

afterAll(async () => {
  await service?.stop();
  await rm(data, { recursive: true, force: true });
});

interface Schedule {
  readonly paused: boolean;
  readonly version: string;
  readonly schedule: object;
  readonly next: readonly string[];
  readonly starts: number;
  readonly recent: readonly { readonly execution: string; readonly startedAt: string }[];
}

async function call<T>(method: string, path: string): Promise<{ readonly status: number; readonly body: T }> {
  const response = await fetch(`${service.url}${path}`, { method });
  return { status: response.status, body: (await response.json()) as T };
}

async function scheduleOf(name: string): Promise<Schedule> {
  return (await call<Schedule>('GET', `/v1/schedules/timed/${name}`)).body;
}

async function deploy(
  name: string,
  schedule: string,
  version = '1.0.0',
  set = '{ ran: true }',
): Promise<void> {
  const { status } = await client.deploy(
    `document: { dsl: '1.0.3', namespace: timed, name: ${name}, version: '${version}' }
schedule: ${schedule}
do: [{ note: { set: ${set} } }]`,
  );
  expect(status).toBe(201);
}

/** Once the schedule started that many executions, and the last of them ended. */
async function started(name: string, count: number): Promise<readonly { id: string; output: unknown }[]> {
  return eventually(`${count} executions of ${name}`, async () => {
    const { recent } = await scheduleOf(name);
    if (recent.length < count) return undefined;
    return Promise.all(
      recent.map(async ({ execution }) => {
        const { body } = await call<{ status: string; output: unknown }>(
          'GET',
          `/v1/executions/${encodeURIComponent(execution)}`,
        );
        if (body.status !== 'completed') throw new Error(`${execution} is ${body.status}`);
        return { id: execution, output: body.output };
      }),
    );
  });
}

test('cron: read back from Temporal, triggered once, held and gone with its definition', async () => {
  await deploy('nightly', '{ cron: 0 3 * * * }');
  const found = await scheduleOf('nightly');
  expect(found).toMatchObject({
    paused: false,
    version: '1.0.0',
    schedule: { cron: '0 3 * * *' },
    starts: 0,
  });
  expect(found.next[0]).toMatch(/T03:00:00.000Z$/);

  expect((await call('POST', '/v1/schedules/timed/nightly/trigger')).status).toBe(202);
  expect(await started('nightly', 1)).toMatchObject([{ output: { ran: true } }]);

  expect((await call('POST', '/v1/schedules/timed/nightly/pause')).status).toBe(202);
  expect((await scheduleOf('nightly')).paused).toBe(true);
  await deploy('nightly', '{ cron: 0 4 * * * }', '1.1.0');
  expect(await scheduleOf('nightly')).toMatchObject({ paused: true, version: '1.1.0' });
  expect((await call('POST', '/v1/schedules/timed/nightly/resume')).status).toBe(202);
  expect(await scheduleOf('nightly')).toMatchObject({ paused: false });

  const remove = (version: string) =>
    fetch(`${service.url}/v1/definitions/timed/nightly/versions/${version}`, { method: 'DELETE' });
  await remove('1.1.0');
  expect(await scheduleOf('nightly')).toMatchObject({ schedule: { cron: '0 3 * * *' } });
  await remove('1.0.0');
  expect((await call('GET', '/v1/schedules/timed/nightly')).status).toBe(404);
});

test('every: starts again and again, with the latest version', async () => {
  await deploy('tick', '{ every: { seconds: 1 } }');
  await started('tick', 2);
  await deploy('tick', '{ every: { seconds: 1 } }', '2.0.0', '{ ran: again }');
  await eventually('an execution of the new version', async () => {
    const ends = await started('tick', 1);
    return ends.find(({ output }) => JSON.stringify(output) === '{"ran":"again"}');
  });
  await call('POST', '/v1/schedules/timed/tick/pause');
});

test('after: the first run at once, each other one when the wait behind the last is over', async () => {
  await deploy('rest', '{ after: PT2S }');
  await started('rest', 2);
  const [first, second] = (await scheduleOf('rest')).recent;
  expect([first?.execution, second?.execution]).toEqual([
    expect.stringMatching(/^rest-/),
    expect.stringMatching(/^rest-/),
  ]);
  const startOf = async (id = ''): Promise<number> => {
    const { body } = await call<{ startedAt: string }>('GET', `/v1/executions/${encodeURIComponent(id)}`);
    return Date.parse(body.startedAt);
  };
  expect((await startOf(second?.execution)) - (await startOf(first?.execution))).toBeGreaterThanOrEqual(
    2_000,
  );
  await call('POST', '/v1/schedules/timed/rest/pause');
});

test('the list has them, and an unknown one is a 404', async () => {
  await deploy('listed', '{ every: { hours: 1 } }');
  await eventually('the schedule in the list', async () => {
    const { body } = await call<{ schedules: { workflow: string }[] }>('GET', '/v1/schedules?limit=50');
    return body.schedules.find(({ workflow }) => workflow === 'timed/listed');
  });
  expect(await call('POST', '/v1/schedules/timed/unknown/trigger')).toMatchObject({
    status: 404,
    body: { type: 'urn:perdure:problem:schedule-not-found' },
  });
});

test('the command line lists, triggers and holds', async () => {
  await deploy('by-hand', '{ every: { hours: 1 } }');
  const perdure = (...args: string[]): string =>
    execFileSync(process.execPath, [join(root, 'cli/perdure.js'), ...args], {
      env: { ...process.env, PERDURE_URL: service.url },
      encoding: 'utf8',
    });
  expect(perdure('schedules', 'pause', 'timed/by-hand')).toBe('paused timed/by-hand\n');
  expect(perdure('schedules', 'trigger', 'timed/by-hand')).toBe('started one execution of timed/by-hand\n');
  await started('by-hand', 1);
  await eventually('the paused schedule in the list', () =>
    Promise.resolve(/timed\/by-hand +paused/.test(perdure('schedules', 'list')) || undefined),
  );
});
