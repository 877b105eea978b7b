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
  readonly pause?: string;
  /** Nothing holds it on its way. */
  readonly free?: true;
}

export interface Execution {
  readonly row: Row;
  readonly id: string;
  readonly place: Place;
  readonly handle: WorkflowHandle;
  readonly partner: Treatment;
  /** Polls until the check gives a value. Fails after a minute with the state of the execution. */
  until<T>(what: string, check: () => T | undefined | Promise<T | undefined>): Promise<T>;
  /** Resolves once the subject is where its type says, and the branch beside it is under way. */
  standing(): Promise<void>;
  /** Lets everything go that was held. */
  release(): void;
  report(): Promise<StatusReport>;
  /** How often the partner was asked for each step, those left out that it depends on chance whether they are asked for. */
  steps(): Json;
  update<Answer>(name: string, argument?: object): Promise<Answer>;
  /** Waits for its end, through all its runs, and fails unless it is this one. */
  endsWith(outcome: Outcome): Promise<void>;
}

const input: Json = { n: 0, trail: [] };
const patienceMs = 60_000;

/** Starts an execution of the row's first version, and holds what stands at its position. */
export async function begin(stage: Stage, row: Row, beginning: Beginning): Promise<Execution> {
  const { subject, nesting } = row;
  const { operation, onFault, historyEvents, startAt, free, pause = 'PT0.1S' } = beginning;
  const name = definitionName(row);
  const id = `${operation}.${name}`;
  const place: Place = { id, url: stage.partner.url, turn: nesting.turn, pause };
  const partner = stage.partner.of(id);
  if (free !== true) {
    const step = subject.stands === 'boundary' ? 'gate/1' : subject.step;
    if (subject.stands === 'wait') stage.events.hold(id);
    else if (step !== undefined) partner.hold(step);
    if (nesting.beside === true) partner.hold('beside/1');
  }
  const type = definitionWorkflowType(namespace, name);
  const start: StartArgument = {
    perdure: 1,
    type,
    definition: firstVersion(row, place, onFault),
    input,
    limits: { ...defaultLimits, ...(historyEvents !== undefined && { historyEvents }) },
    ...(startAt && { startAt }),
  };
  const { client, taskQueue } = stage.service;
  const handle = await client.workflow.start(type, {
    workflowId: id,
    taskQueue: beginning.taskQueue ?? taskQueue,
    args: [start],
  });
  return watch(stage, row, place, handle);
}

/** The same execution in a run that was started later. */
export function watch(stage: Stage, row: Row, place: Place, handle: WorkflowHandle): Execution {
  const { id } = place;
  const { subject, nesting } = row;
  const partner = stage.partner.of(id);
  const report = (): Promise<StatusReport> => handle.query<StatusReport>(statusQuery);
  const isHeld = (step: string): boolean =>
    partner.log.some((request) => request.step === step && request.state === 'held');

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
    const asked = partner.log.map(({ step, state: fate }) => `${step} ${fate}`);
    const told = await Promise.race([
      report().then(
        ({ status, tasks, error }) =>
          JSON.stringify({ status, error, tasks: tasks.map((task) => `${task.reference} ${task.status}`) }),
        String,
      ),
      delay(5_000, 'no answer to the status query'),
    ]);
    return `The partner was asked for ${JSON.stringify(asked)}; ${told}`;
  }

  return {
    row,
    id,
    place,
    handle,
    partner,
    until,
    report,
    steps() {
      // What the subject raises ends the other branch, wherever that is.
      const isChance = (step: string): boolean => subject.raises === true && step === 'aside/1';
      const counts = new Map<string, number>();
      for (const { step } of partner.log) if (!isChance(step)) counts.set(step, (counts.get(step) ?? 0) + 1);
      return Object.fromEntries([...counts].sort(([left], [right]) => left.localeCompare(right)));
    },
    async standing() {
      await until('the position', async () => {
        if (nesting.beside === true && !isHeld('beside/1')) return undefined;
        if (subject.stands === 'boundary') return isHeld('gate/1') || undefined;
        if (subject.stands === 'call') return isHeld(subject.step ?? '') || undefined;
        if (partner.log.every(({ step }) => step !== 'gate/1')) return undefined;
        const { tasks } = await report();
        return tasks.some((task) => task.name === 'subject' && task.status === 'waiting') || undefined;
      });
    },
    release() {
      partner.release();
      stage.events.release(id);
    },
    update: <Answer>(name: string, argument?: object) =>
      argument === undefined
        ? handle.executeUpdate<Answer, []>(name)
        : handle.executeUpdate<Answer, [object]>(name, { args: [argument] }),
    async endsWith(outcome) {
      const ended = await Promise.race([
        stage.service.ended(handle),
        delay(patienceMs, undefined, { ref: false }),
      ]);
      if (ended === undefined) throw new Error(`${id}: it does not end. ${await state()}`);
      if (isDeepStrictEqual(outcomeOf(ended), outcome)) return;
      const { output, error } = ended;
      throw new Error(`${id}: ${JSON.stringify({ output, error, expected: outcome })}. ${await state()}`);
    },
  };
}
