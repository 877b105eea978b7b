/** One execution of the table: how it is started, brought to its position and watched. */
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { WorkflowHandle } from '@temporalio/client';
import type { Json } from '../../dsl/json.ts';
import { defaultLimits, definitionWorkflowType, statusQuery } from '../../workflows/contract.ts';
import type { StartArgument, StatusReport } from '../../workflows/contract.ts';
import { definitionName, firstVersion, namespace, type Row } from './definitions.ts';
import { outcomeOf, type Outcome } from './outcomes.ts';
import type { Treatment } from './partner.ts';
import type { Place } from './place.ts';
import type { Stage } from './stage.ts';

export interface Beginning {
  /** Told apart from the other executions of the same row. */
  readonly operation: string;
  readonly onFault?: 'hold';
  readonly historyEvents?: number;
  readonly startAt?: StartArgument['startAt'];
  readonly taskQueue?: string;
  /** How long the subject waits. */
  readonly pause?: string;
  /** What does not go on until `release`: all that is under way at the position, the branch beside it, or nothing. */
  readonly held?: 'position' | 'beside' | 'nothing';
}

export interface Execution {
  readonly row: Row;
  readonly id: string;
  readonly place: Place;
  /** Of its latest run. */
  readonly handle: WorkflowHandle;
  readonly partner: Treatment;
  start(): Promise<void>;
  /** Polls until the check gives a value. Fails after two minutes with the state of the execution. */
  until<T>(what: string, check: () => T | undefined | Promise<T | undefined>): Promise<T>;
  /** Resolves once the subject is where its type says, and the branch beside it is under way. */
  standing(): Promise<void>;
  /** Lets everything go that was held. */
  release(): void;
  /** Where a run that ends leaves the subject under way: waits for the run after this one, and for the subject in it. */
  crossesBarrier(runId: string): Promise<void>;
  report(): Promise<StatusReport>;
  /** How often the partner was asked for each step, those left out that it depends on chance whether they are asked for. */
  steps(): Readonly<Record<string, number>>;
  update<Answer>(name: string, argument?: object): Promise<Answer>;
  /** Waits for its end, through all its runs, and fails unless it is this one. */
  endsWith(outcome: Outcome): Promise<void>;
  /** Waits until it has ended with an error. */
  faults(): Promise<void>;
}

const input: Json = { n: 0, trail: [] };
const patienceMs = 120_000;
// What is held must not time out on a busy machine.
const callTimeoutMs = 240_000;

/** Starts an execution of the row's first version. */
export async function begin(stage: Stage, row: Row, beginning: Beginning): Promise<Execution> {
  const execution = arrange(stage, row, beginning);
  await execution.start();
  return execution;
}

/** Prepares an execution, and holds what it is to be held by. */
export function arrange(stage: Stage, row: Row, beginning: Beginning): Execution {
  const { subject, nesting } = row;
  const { client } = stage.service;
  const { operation, onFault, historyEvents, startAt, held = 'position', pause = 'PT0.1S' } = beginning;
  const name = definitionName(row);
  const id = `${operation}.${name}`;
  const place: Place = { id, url: stage.partner.url, turn: nesting.turn, pause };
  const partner = stage.partner.of(id);
  const handle = client.workflow.getHandle(id);
  const step = subject.stands === 'boundary' ? 'gate/1' : subject.step;

  if (held === 'position' && subject.stands === 'wait') stage.events.hold(id);
  else if (held === 'position' && step !== undefined) partner.hold(step);
  if (held !== 'nothing' && nesting.beside === true) partner.hold('beside/1');

  const report = (): Promise<StatusReport> => handle.query<StatusReport>(statusQuery);
  const isHeld = (wanted: string): boolean =>
    partner.log.some((request) => request.step === wanted && request.state === 'held');
  const isWaiting = async (): Promise<boolean> =>
    (await report()).tasks.some((task) => task.name === 'subject' && task.status === 'waiting');

  const childrenAtWork = async (): Promise<readonly string[]> =>
    ((await report()).children ?? []).map(({ workflowId }) => workflowId);

  async function until<T>(what: string, check: () => T | undefined | Promise<T | undefined>): Promise<T> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const found = await check();
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`${id}: ${what} did not come about. ${await state()}`);
      await delay(200);
    }
  }

  async function state(): Promise<string> {
    const asked = partner.log.map((request) => `${request.step} ${request.state}`);
    const told = await Promise.race([
      report().then(({ status, error, tasks }) => {
        const lines = tasks.map((task) => `${task.seq} ${task.reference} ${task.status}`);
        return JSON.stringify({ status, error, tasks: lines });
      }, String),
      delay(5_000, 'no answer to the status query'),
    ]);
    return `The partner was asked for ${JSON.stringify(asked)}; ${told}`;
  }

  async function ended() {
    const patience = delay(patienceMs, undefined, { ref: false });
    const found = await Promise.race([stage.service.ended(handle), patience]);
    if (found === undefined) throw new Error(`${id}: it does not end. ${await state()}`);
    return found;
  }

  return {
    row,
    id,
    place,
    handle,
    partner,
    until,
    report,
    async start() {
      const type = definitionWorkflowType(namespace, name);
      const start: StartArgument = {
        perdure: 1,
        type,
        definition: firstVersion(row, place, onFault),
        input,
        limits: { ...defaultLimits, callTimeoutMs, ...(historyEvents !== undefined && { historyEvents }) },
        ...(startAt && { startAt }),
      };
      const { taskQueue = stage.service.taskQueue } = beginning;
      await client.workflow.start(type, { workflowId: id, taskQueue, args: [start] });
    },
    async standing() {
      await until('the position', async () => {
        if (nesting.beside === true && !isHeld('beside/1')) return undefined;
        if (subject.stands !== 'wait') return isHeld(step ?? '') || undefined;
        if (partner.log.every((request) => request.step !== 'gate/1')) return undefined;
        return (await isWaiting()) || undefined;
      });
    },
    release() {
      partner.release();
      stage.events.release(id);
    },
    async crossesBarrier(runId) {
      if (subject.outlivesRun !== true) return;
      const children = await childrenAtWork();
      // The barrier waits for the call of the other branch.
      partner.release('beside/1');
      await until('another run', async () => ((await handle.describe()).runId === runId ? undefined : true));
      if (subject.stands === 'wait')
        await until('the position in that run', async () => (await isWaiting()) || undefined);
      // The same child, which nobody started again.
      else
        await until('the child in that run', async () =>
          isDeepStrictEqual(await childrenAtWork(), children) ? true : undefined,
        );
    },
    steps() {
      // What the subject raises ends the other branch, wherever that is.
      const isChance = (asked: string): boolean => subject.raises === true && asked === 'aside/1';
      const counts = new Map<string, number>();
      for (const request of partner.log)
        if (!isChance(request.step)) counts.set(request.step, (counts.get(request.step) ?? 0) + 1);
      return Object.fromEntries([...counts].sort(([left], [right]) => left.localeCompare(right)));
    },
    update: <Answer>(update: string, argument?: object) =>
      argument === undefined
        ? handle.executeUpdate<Answer, []>(update)
        : handle.executeUpdate<Answer, [object]>(update, { args: [argument] }),
    async endsWith(outcome) {
      const { output, error } = await ended();
      if (isDeepStrictEqual(outcomeOf({ output, error }), outcome)) return;
      throw new Error(`${id}: ${JSON.stringify({ output, error, expected: outcome })}. ${await state()}`);
    },
    async faults() {
      const { output, error } = await ended();
      if (error === undefined) throw new Error(`${id}: it gave ${JSON.stringify(output)}`);
    },
  };
}
