import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client, ScheduleDescription, ScheduleOptions } from '@temporalio/client';
import { durationMs } from '../dsl/duration.ts';
import { evaluateValue } from '../dsl/evaluate.ts';
import { defaultExpressionLimits } from '../dsl/expressions/index.ts';
import { asJson } from '../dsl/json.ts';
import type { Definition, Duration } from '../dsl/types.ts';
import { afterCompletionType, runtimeVersion } from '../workflows/contract.ts';
import type { AfterCompletionArgument, RecordedSettings } from '../workflows/contract.ts';
import { definitionStart } from './definition-start.ts';

/** A start that Temporal missed, because it was away, is made up for when it is not older than this. */
const catchupWindow = '10 minutes';

export interface ScheduleSettings extends RecordedSettings {
  readonly taskQueue: string;
}

/** What Temporal tells of the schedule of one definition. */
export type TemporalSchedule = Pick<ScheduleDescription, 'info' | 'state'>;

/** A schedule in a list: the name of its definition, and when it starts executions next. */
export interface ScheduleEntry {
  readonly name: string;
  readonly paused: boolean;
  readonly note?: string;
  readonly next: readonly Date[];
}

/**
 * The schedules of definitions in Temporal: one a name, for `every`, `cron` and `after` together. Names are
 * `namespace/name`. Calls on a schedule that is not there resolve to undefined or false.
 */
export interface TemporalSchedules {
  /** Creates the schedule, or has it start this version from now on. A paused one stays paused. Safe to repeat. */
  put(definition: Definition): Promise<void>;
  remove(name: string): Promise<boolean>;
  describe(name: string): Promise<TemporalSchedule | undefined>;
  /** A page of at most `limit`; an empty token is the last page's. Temporal's list lags a change by up to a second. */
  list(
    limit: number,
    pageToken: Uint8Array | undefined,
  ): Promise<{ readonly schedules: readonly ScheduleEntry[]; readonly nextPageToken: Uint8Array }>;
  /** Starts one execution now, whatever the schedule says, and also while it is paused. */
  trigger(name: string): Promise<boolean>;
  pause(name: string, note: string): Promise<boolean>;
  resume(name: string, note: string): Promise<boolean>;
}

/** Whether something starts the definition by time. */
export function isTimed({ schedule }: Definition): boolean {
  return schedule?.every !== undefined || schedule?.cron !== undefined || schedule?.after !== undefined;
}

/** The schedules in the client's namespace. */
export function createTemporalSchedules(client: Client, settings: ScheduleSettings): TemporalSchedules {
  const handle = (name: string) => client.schedule.getHandle(scheduleId(name));
  return {
    async put(definition) {
      const { spec, action, policies } = scheduleOf(definition, settings);
      const { namespace, name } = definition.document;
      const id = `${namespace}/${name}`;
      try {
        await client.schedule.create({ scheduleId: scheduleId(id), spec, action, policies });
        // The first run of an `after` is not after anything. Under the schedule's own policy the others wait for it.
        if (definition.schedule?.after !== undefined) await handle(id).trigger(policies?.overlap);
      } catch (error) {
        if (!(error instanceof ScheduleAlreadyRunning)) throw error;
        await handle(id).update(({ state }) => ({ spec, action, policies, state }));
      }
    },
    remove: (name) => found(() => handle(name).delete()),
    async describe(name) {
      try {
        return await handle(name).describe();
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return undefined;
        throw error;
      }
    },
    async list(limit, pageToken) {
      const { schedules, nextPageToken } = await client.workflowService.listSchedules({
        namespace: client.options.namespace,
        maximumPageSize: limit,
        nextPageToken: pageToken,
      });
      const entries = schedules
        .filter((entry) => entry.scheduleId?.startsWith(idPrefix))
        .map(({ scheduleId: id, info }) => ({
          name: (id ?? '').slice(idPrefix.length),
          paused: info?.paused ?? false,
          note: info?.notes ?? undefined,
          next: (info?.futureActionTimes ?? []).map((time) => new Date(Number(time.seconds ?? 0) * 1_000)),
        }));
      return { schedules: entries, nextPageToken };
    },
    trigger: (name) => found(() => handle(name).trigger(ScheduleOverlapPolicy.ALLOW_ALL)),
    pause: (name, note) => found(() => handle(name).pause(note)),
    resume: (name, note) => found(() => handle(name).unpause(note)),
  };
}

const idPrefix = 'definition:';
const turnPrefix = 'after:';

function scheduleId(name: string): string {
  return idPrefix + name;
}

/** The execution behind a workflow that a schedule started: of an `after` that is the child of the turn. */
export function executionIdOf(workflowId: string): string {
  return workflowId.startsWith(turnPrefix) ? workflowId.slice(turnPrefix.length) : workflowId;
}

async function found(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return false;
    throw error;
  }
}

function scheduleOf(
  definition: Definition,
  { taskQueue, ...recorded }: ScheduleSettings,
): Pick<ScheduleOptions, 'spec' | 'action' | 'policies'> {
  const { every, cron, after } = definition.schedule ?? {};
  const { name } = definition.document;
  const { type, options } = definitionStart(definition, null, recorded);
  const { args, ...shown } = options;
  if (after !== undefined) {
    // A turn lasts at least `after`, so in each one falls a tick of this interval: the next turn is then kept ready.
    const waitMs = milliseconds(after, definition);
    const [start] = args as [AfterCompletionArgument['start']];
    const argument: AfterCompletionArgument = { start, executionId: name, waitMs };
    return {
      spec: { intervals: [{ every: waitMs }] },
      action: {
        type: 'startWorkflow',
        workflowType: afterCompletionType,
        workflowId: turnPrefix + name,
        args: [argument],
        taskQueue,
      },
      policies: { overlap: ScheduleOverlapPolicy.BUFFER_ONE, catchupWindow },
    };
  }
  return {
    spec: {
      intervals: every === undefined ? [] : [{ every: milliseconds(every, definition) }],
      cronExpressions: cron === undefined ? [] : [cron],
    },
    action: { type: 'startWorkflow', workflowType: type, workflowId: name, args, taskQueue, ...shown },
    // "Regardless of whether the previous run is still in progress", says the specification of `every`.
    policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL, catchupWindow },
  };
}

/** No execution is there yet: an expression sees the runtime alone. */
function milliseconds(duration: Duration, definition: Definition): number {
  const runtime = { name: 'perdure', version: runtimeVersion, metadata: {} };
  const value = evaluateValue(typeof duration === 'string' ? duration : asJson(duration), {
    input: null,
    variables: { runtime },
    now: Date.now,
    limits: defaultExpressionLimits,
    mode: definition.evaluate?.mode ?? 'strict',
  });
  return durationMs(value as Duration);
}
