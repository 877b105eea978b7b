/** For tests of what an execution leaves behind: tasks of every kind that are at work outside of it, and what still is. */
import { readFile } from 'node:fs/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { treeUsage } from '../../activities/sandbox/process-tree.ts';
import { Refusal, startPartner } from '../partner.ts';
import { eventually } from '../service-process.ts';
import { startDefinitionService, type DefinitionService } from './definition-service.ts';
import { anEvent, openSubscriptions } from './events-under-test.ts';
import { startMessagePartner } from './message-partner.ts';
import { pause, reports, statusOf } from './undoing.ts';

/** How many there are of each. */
interface AtWork {
  /** Requests that wait for their answer. */
  readonly calls: number;
  /** Processes of scripts. */
  readonly scripts: number;
  /** Subscriptions of listeners. */
  readonly listeners: number;
  /** Connections of AsyncAPI subscriptions. */
  readonly streams: number;
  /** Children that have not ended, and theirs; those of long scripts among them. */
  readonly children: number;
}

const nothing: AtWork = { calls: 0, scripts: 0, listeners: 0, streams: 0, children: 0 };

/** Branches of a fork, one of each kind, and what they have at work together. */
interface Kinds {
  readonly branches: string;
  readonly atWork: AtWork;
}

export interface Workshop {
  readonly service: DefinitionService;
  /** Every kind of task. */
  readonly all: Kinds;
  /** Those for whose end a run does not wait before it ends itself. */
  readonly lasting: Kinds;
  /** A branch that waits until the test answers. */
  readonly gate: string;
  /** Answers what waits at the gate: with a status, where that is not to be 200. */
  openGate(status?: number): void;
  /** Waits until all of them are at work, those that have something to work through on that. */
  untilAtWork(handle: WorkflowHandle, kinds: Kinds, gates?: number): Promise<void>;
  /** Waits until nothing is at work any more, and all that was a child has been cancelled. */
  untilNothing(): Promise<void>;
  close(): Promise<void>;
}

/** Starts everything that definitions can be at work with. */
export async function startWorkshop(root: string): Promise<Workshop> {
  const messages = await startMessagePartner();
  const atGate: ((status: number) => void)[] = [];
  const partner = await startPartner(async ({ path }) => {
    if (path !== '/gate') return new Promise(() => undefined);
    const status = await new Promise<number>((resolve) => atGate.push(resolve));
    if (status !== 200) throw new Refusal(status);
    return { open: true };
  });
  const service = await startDefinitionService(root, [new URL(partner.url).host, messages.host]);
  const deploy = (name: string, tasks: string, more = ''): Promise<void> =>
    service.deploy(
      `{ document: { dsl: '1.0.3', namespace: test, name: ${name}, version: '1.0.0'${more} }, do: [${tasks}] }`,
    );
  const child = (name: string): string =>
    `run: { workflow: { namespace: test, name: ${name}, version: latest } }`;
  const fail = `{ fail: { raise: { error: { type: 'https://x.test/bad', status: 500 } } } }`;
  await deploy('slow', pause);
  await deploy('parent', `{ below: { ${child('slow')} } }`);
  await deploy('held', fail, ', metadata: { onFault: hold }');

  // It waits: one that computed would come to its limit of processor time.
  const endless = `run: { script: { language: js, code: 'setTimeout(() => {}, 3600000)' } }`;
  const subscription = (protocol: string, more = ''): string =>
    `call: asyncapi, with: { document: { endpoint: 'http://${messages.host}/asyncapi-3' }, operation: getNotifications, protocol: ${protocol}, subscription: { consume: { amount: 9 }${more} } }`;
  const each = `, foreach: { item: message, do: [${pause}] }`;
  const lasting = {
    wait: `wait: PT1H`,
    listener: `listen: { to: { one: { with: { type: left.never } } } }`,
    workingListener: `listen: { to: { any: [{ with: { type: left.work } }], until: '\${ false }' } }, foreach: { do: [${pause}] }`,
    longScript: `timeout: { after: PT10M }, ${endless}`,
    child: child('slow'),
    grandchild: child('parent'),
    heldChild: child('held'),
    workingSocket: subscription('ws', each),
    workingStream: subscription('http', each),
  };
  const short = {
    call: `call: http, with: { method: get, endpoint: '${partner.url}/never' }`,
    script: endless,
    socket: subscription('ws'),
    stream: subscription('http'),
  };
  const working = 3;

  const branches = (kinds: Readonly<Record<string, string>>): string =>
    Object.entries(kinds)
      .map(([name, task]) => `{ ${name}: { ${task} } }`)
      .join(', ');
  const children = new Set<string>();

  async function findChildren(handle: WorkflowHandle): Promise<void> {
    // The child of a script is no execution of a definition.
    const report = await statusOf(handle).catch(() => undefined);
    for (const { workflowId } of report?.children ?? []) {
      children.add(workflowId);
      await findChildren(service.client.workflow.getHandle(workflowId));
    }
  }

  const stateOf = async (workflowId: string): Promise<string> =>
    (await service.client.workflow.getHandle(workflowId).describe()).status.name;

  async function atWork(): Promise<AtWork> {
    const states = await Promise.all([...children].map(stateOf));
    return {
      calls: partner.waiting,
      scripts: await countScripts(),
      listeners: await openSubscriptions(service.store),
      streams: messages.open,
      children: states.filter((state) => state === 'RUNNING').length,
    };
  }

  async function until(expected: AtWork, handle?: WorkflowHandle): Promise<void> {
    let found: AtWork | undefined;
    await eventually(
      'what is expected',
      async () => {
        if (handle !== undefined) await findChildren(handle);
        found = await atWork();
        return JSON.stringify(found) === JSON.stringify(expected) ? true : undefined;
      },
      { timeoutMs: 40_000 },
    ).catch(() => expect(found).toEqual(expected));
  }

  return {
    service,
    all: {
      branches: branches({ ...lasting, ...short }),
      atWork: { calls: 1, scripts: 2, listeners: 2, streams: 4, children: 5 },
    },
    lasting: {
      branches: branches(lasting),
      atWork: { calls: 0, scripts: 1, listeners: 2, streams: 2, children: 5 },
    },
    gate: `{ gate: { call: http, with: { method: get, endpoint: '${partner.url}/gate' } } }`,
    openGate: (status = 200) => {
      for (const answer of atGate.splice(0)) answer(status);
    },
    async untilAtWork(handle, { atWork: expected }, gates = 0) {
      await until({ ...expected, calls: expected.calls + gates }, handle);
      await service.routing.router.route([anEvent('left.work', 1)]);
      messages.send({ user: 'u1' });
      await reports(
        'work on what came',
        handle,
        ({ tasks }) => tasks.filter(({ name }) => name === 'pause').length >= working,
      );
    },
    async untilNothing() {
      await until(nothing);
      expect(new Set(await Promise.all([...children].map(stateOf)))).toEqual(new Set(['CANCELLED']));
      children.clear();
    },
    async close() {
      await service.close();
      await partner.close();
      await messages.close();
    },
  };
}

/** Processes of JavaScript below this one. */
async function countScripts(): Promise<number> {
  const { pids = [] } = (await treeUsage(process.pid)) ?? {};
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  // Those that only start another one have its command line among their own arguments.
  return commands.filter((command) => /^[^\0]*node\0(?:.*\0)?[^\0]*javascript\/child\.ts\0?/s.test(command))
    .length;
}
