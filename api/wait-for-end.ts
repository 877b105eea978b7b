import { WorkflowFailedError } from '@temporalio/client';
import type { Response } from 'express';
import type { ApiDependencies } from './dependencies.ts';
import { isDeadline } from './error-problem.ts';
import { withinDeadline } from './temporal-deadline.ts';

/** Time to ask whether an execution has ended when the caller wants no wait, in milliseconds. */
const lookMs = 500;

/**
 * Waits until an execution has ended, through continue-as-new, but no longer than `seconds`, the caller's connection or
 * the API itself. Resolves to whether it has ended.
 */
export async function waitForEnd(
  { client, connection, closing }: ApiDependencies,
  execution: { readonly id: string; readonly runId?: string },
  seconds: number,
  response: Response,
): Promise<boolean> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const wait = (): Promise<unknown> => client.workflow.result(execution.id, execution.runId);
  const milliseconds = Math.max(seconds * 1_000, lookMs);
  try {
    await withinDeadline(connection, milliseconds, wait, AbortSignal.any([closing, gone.signal]));
    return true;
  } catch (error) {
    if (error instanceof WorkflowFailedError) return true;
    if (isDeadline(error)) return false;
    throw error;
  }
}

/** Where an execution is read. */
export function executionLocation(id: string): string {
  return `/v1/executions/${encodeURIComponent(id)}`;
}

/** Tells the caller which wait was honoured (RFC 7240). */
export function announceWait(response: Response, seconds: number | undefined): void {
  if (seconds !== undefined) response.set('Preference-Applied', `wait=${seconds}`);
}
