import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, WorkflowHandle } from '@temporalio/client';
import type { Json } from '../dsl/json.ts';
import { isInterruptedUpdate } from './error-problem.ts';
import { withinDeadline } from './temporal-deadline.ts';

/** How long an update may take, in milliseconds. */
export const updateDeadlineMs = 30_000;

const pauseMs = 100;

export interface Update {
  readonly name: string;
  /** None where it is undefined. */
  readonly argument: Json | object | undefined;
  /** Makes it safe to repeat. */
  readonly id: string | undefined;
}

/**
 * Makes an update. Temporal gives one up when its workflow task has to be done again, as where a signal comes in while a
 * run ends: it is made again then, under the same id. Fails as the SDK does, and at {@link updateDeadlineMs}.
 */
export async function makeUpdate<Answer>(
  connection: Connection,
  handle: WorkflowHandle,
  { name, argument, id: updateId = randomUUID() }: Update,
): Promise<Answer> {
  const execute = (): Promise<Answer> =>
    argument === undefined
      ? handle.executeUpdate<Answer, []>(name, { updateId })
      : handle.executeUpdate<Answer, [Json | object]>(name, { args: [argument], updateId });
  return withinDeadline(connection, updateDeadlineMs, async () => {
    for (;;) {
      try {
        return await execute();
      } catch (error) {
        // Behind the deadline it fails in another way.
        if (!isInterruptedUpdate(error)) throw error;
      }
      await delay(pauseMs);
    }
  });
}
