/** Where an execution is held and disturbed, and how one sees that it stands there. */
import { isDeepStrictEqual } from 'node:util';
import type { Row } from './definitions.ts';
import type { Execution } from './execution.ts';

/**
 * `gate` is the boundary before the subject, while the partner is asked for the gate; `subject` is in the middle of it;
 * `beside` is the branch next to it, while the partner is asked for its first call.
 */
export type Spot = 'gate' | 'subject' | 'beside';

/** Where operations can meet the subject, in the order in which an execution comes there. */
export function spotsOf({ subject }: Row): readonly Spot[] {
  return subject.stands === 'boundary' ? ['gate'] : ['gate', 'subject'];
}

/** Where operations meet the subject: in its middle, if it has one. */
export function positionOf({ subject }: Row): Spot {
  return subject.stands === 'boundary' ? 'gate' : 'subject';
}

/** The request, with its turn, that the partner holds there; a subject that waits for time asks for none. */
export function stepAt({ subject }: Row, spot: Spot): string {
  return spot === 'subject' ? (subject.step ?? '') : `${spot}/1`;
}

/** Resolves once the execution stands in the spot, and the branch beside it in its own while that is held. */
export async function standing(execution: Execution, spot = positionOf(execution.row)): Promise<void> {
  const { row, partner } = execution;
  const step = stepAt(row, spot);
  await execution.until(`the ${spot}`, async () => {
    const waitsBeside = row.nesting.beside === true && partner.holds('beside/1');
    if (waitsBeside && !isHeld(execution, 'beside/1')) return undefined;
    if (spot === 'gate' || row.subject.stands === 'call') return isHeld(execution, step) || undefined;
    if (partner.log.every((request) => request.step !== 'gate/1')) return undefined;
    return (await isWaiting(execution)) || undefined;
  });
}

/** Resolves in a later run than this one. */
export async function anotherRun({ until, handle }: Execution, runId: string): Promise<void> {
  await until('another run', async () => ((await handle.describe()).runId === runId ? undefined : true));
}

/** Where a run that ends leaves the subject under way: waits for the run after this one, and for the subject in it. */
export async function crossesBarrier(execution: Execution, runId: string): Promise<void> {
  const { subject } = execution.row;
  if (subject.outlivesRun !== true) return;
  const children = await childrenAtWork(execution);
  // The barrier waits for the call of the other branch.
  execution.release('beside');
  await anotherRun(execution, runId);
  await execution.until('the subject in that run', async () => {
    if (subject.stands === 'wait') return (await isWaiting(execution)) || undefined;
    // The same child, which nobody started again.
    return isDeepStrictEqual(await childrenAtWork(execution), children) || undefined;
  });
}

function isHeld({ partner }: Execution, step: string): boolean {
  return partner.log.some((request) => request.step === step && request.state === 'held');
}

async function isWaiting(execution: Execution): Promise<boolean> {
  const { tasks } = await execution.report();
  return tasks.some(({ name, status }) => name === 'subject' && status === 'waiting');
}

async function childrenAtWork(execution: Execution): Promise<readonly string[]> {
  return ((await execution.report()).children ?? []).map(({ workflowId }) => workflowId);
}
