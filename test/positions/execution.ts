/** One execution of the table: how it is started and watched. */
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { WorkflowHandle } from '@temporalio/client';
import type { Json } from '../../dsl/json.ts';
import { defaultLimits, definitionWorkflowType, statusQuery } from '../../workflows/contract.ts';
import type { StartArgument, StatusReport } from '../../workflows/contract.ts';
import type { Ended } from '../engine/definition-service.ts';
import { definitionName, firstVersion, namespace, type Row } from './definitions.ts';
import { outcomeOf, type Outcome } from './outcomes.ts';
import type { Treatment } from './partner.ts';
import type { Place } from './place.ts';
import { positionOf, stepAt, type Spot } from './spots.ts';
import type { Stage } from './stage.ts';

export interface Beginning {
  /** Told apart from the other executions of the same row. */
  readonly operation: string;
  readonly onFault?: 'hold';
  readonly historyEvents?: number;
  readonly startAt?: StartArgument['startAt'];
  readonly taskQueue?: string;
  /** How long the subject waits in the disturbed turn, in ISO 8601. */
  readonly pause?: string;
  /** What does not go on until `release`: its position and the branch beside it unless told. */
  readonly held?: readonly Spot[];
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
  readonly until: <T>(what: string, check: () => T | undefined | Promise<T | undefined>) => Promise<T>;
  /** Lets go what was held in a spot, or all. */
  release(spot?: Spot): void;
  report(): Promise<StatusReport>;
  update<Answer>(name: string, argument?: object): Promise<Answer>;
  /** Waits for its end, through all its runs, and fails unless it is this one. */
  endsWith(outcome: Outcome): Promise<void>;
  /** Waits until it has ended with an error. */
  faults(): Promise<void>;
}

const input: Json = { n: 0, trail: [] };
const patienceMs = 120_000;
const firstPauseMs = 100;
const maxPauseMs = 1_000;
// What is held must not time out on a busy machine.
const callTimeoutMs = 240_000;

/** Starts an execution of the row's first version. */
export async function begin(stage: Stage, row: Row, beginning: Beginning): Promise<Execution> {
  const execution = arrange(stage, row, beginning);
  await execution.start();
  return execution;
}

/** Prepares an execution, and holds what is to be held of it. */
export function arrange(stage: Stage, row: Row, beginning: Beginning): Execution {
  const { subject, nesting } = row;
  const { client, taskQueue } = stage.service;
  const { operation, held = [positionOf(row), 'beside'], pause = 'PT0.1S' } = beginning;
  const name = definitionName(row);
  const id = `${operation}.${name}`;
  const place: Place = { id, url: stage.partner.url, turn: nesting.turn, pause };
  const partner = stage.partner.of(id);
  const handle = client.workflow.getHandle(id);
  for (const spot of held) {
    if (spot === 'subject' && subject.stands === 'wait') stage.events.hold(id);
    else partner.hold(stepAt(row, spot));
  }

  const report = (): Promise<StatusReport> => handle.query<StatusReport>(statusQuery);

  async function until<T>(what: string, check: () => T | undefined | Promise<T | undefined>): Promise<T> {
    const deadline = Date.now() + patienceMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(1.5 * pauseMs, maxPauseMs)) {
      const found = await check();
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`${id}: ${what} did not come about. ${await state()}`);
      await delay(pauseMs);
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

  async function ended(): Promise<Ended> {
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
      const { onFault, historyEvents, startAt } = beginning;
      const type = definitionWorkflowType(namespace, name);
      const start: StartArgument = {
        perdure: 1,
        type,
        definition: firstVersion(row, place, onFault),
        input,
        limits: { ...defaultLimits, callTimeoutMs, ...(historyEvents !== undefined && { historyEvents }) },
        ...(startAt && { startAt }),
      };
      await client.workflow.start(type, {
        workflowId: id,
        taskQueue: beginning.taskQueue ?? taskQueue,
        args: [start],
      });
    },
    release(spot) {
      partner.release(spot && stepAt(row, spot));
      if (spot === undefined || spot === 'subject') stage.events.release(id);
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
