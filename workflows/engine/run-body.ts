/** Hands a task to the runner of its type. */
import { condition } from '@temporalio/workflow';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { Scope } from '../../dsl/evaluate.ts';
import type { TaskTypes } from '../../dsl/types.ts';
import type { Execution } from './execution.ts';
import { expression, scopeOf, value } from './expressions.ts';
import type { Maybe } from './maybe-async.ts';
import { summary } from './names.ts';
import { Stop } from './pacing.ts';
import type { RunnableKind, TaskFrame } from './position.ts';
import type { Outcome, Run, Runner, Site } from './runner.ts';
import { runners } from './runners.ts';
import { showStatus } from './show-status.ts';
import type { TaskRecord } from './task-log.ts';

/** A task that has begun, with all that its runner may need. */
export interface Begun {
  readonly execution: Execution;
  readonly site: Site;
  readonly rawInput: Json;
  readonly input: Json;
  readonly frame: TaskFrame;
  readonly record: TaskRecord;
  readonly variables: Record<string, Json>;
  readonly runTask: Run<RunnableKind>['runTask'];
  readonly runList: Run<RunnableKind>['runList'];
}

/** Runs the part of a task that its type decides. `kind` is the type of `begun.site.task`. */
export function runBody<K extends RunnableKind>(kind: K, begun: Begun): Maybe<Outcome> {
  const { execution, site, variables, record } = begun;
  const { reference, name, path, locals, attempt } = site;
  const scope = (data: Json, extra: JsonObject | undefined): Scope =>
    scopeOf(execution, data, extra === undefined ? variables : Object.assign({}, variables, extra));
  // `kind` was read from this very task, so task, frame and runner belong together.
  const task = site.task as TaskTypes[K];
  const run: Run<K> = {
    task,
    reference,
    name,
    path,
    locals,
    attempt,
    execution,
    record,
    frame: begun.frame.body,
    startedAt: begun.frame.startedAt,
    rawInput: begun.rawInput,
    deadline: begun.frame.deadline,
    variables,
    evaluate: (text, data, extra) => expression(text, scope(data, extra), reference),
    evaluateAll: (template, data, extra) => value(template, scope(data, extra), reference),
    runTask: begun.runTask,
    runList: begun.runList,
    sleepUntil: (deadline) => sleepUntil(execution, record, deadline),
  };
  const runner: Runner<K> = runners[kind];
  return runner(task, begun.input, run);
}

/**
 * A durable timer that lets go of its branch when the run is to end: the deadline stays in the frame. One that strikes
 * while the execution is suspended is over at resume.
 */
async function sleepUntil(execution: Execution, record: TaskRecord, deadline: number): Promise<void> {
  const remaining = deadline - Date.now();
  if (remaining <= 0) return execution.pacing.held();
  execution.log.waiting(record, true);
  showStatus(execution, remaining);
  try {
    const stopped = await condition(() => execution.pacing.stopping, remaining, {
      summary: summary(record.name),
    });
    if (stopped) throw new Stop();
    await execution.pacing.held();
  } finally {
    execution.log.waiting(record, false);
    showStatus(execution);
  }
}
