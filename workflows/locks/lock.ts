/** A lock as a workflow: who wants it asks by update, and while nobody does it costs nothing. docs/adr/0007. */
import {
  allHandlersFinished,
  condition,
  defineQuery,
  defineUpdate,
  makeContinueAsNewFunc,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import {
  lockMessages,
  type LockAnswer,
  type LockClaim,
  type LockRecord,
  type LockRelease,
  type LockRenewal,
} from '../contract.ts';
import { statusAttribute } from '../engine/search-attributes.ts';
import {
  answerTo,
  claimed,
  frontPlaces,
  newLock,
  nextMoment,
  placeOf,
  released,
  renewed,
  settled,
} from './lock-state.ts';

const acquire = defineUpdate<LockAnswer, [LockClaim]>(lockMessages.acquire);
const renew = defineUpdate<number | null, [LockRenewal]>(lockMessages.renew);
const release = defineUpdate<void, [LockRelease]>(lockMessages.release);
const stateQuery = defineQuery<LockRecord>(lockMessages.state);

// The server refuses the 2,000th update of a run, and a run of many events is slow to read again.
const maxUpdates = 600;
const maxEvents = 4_000;

// A change of the attribute is an event in the history: one that is used again and again stays listed.
const idleMs = 60_000;

/** Hands the lock from holder to holder, for ever: its last token is what makes the next one greater. */
export async function perdureLock(key: string, resumed: LockRecord = newLock): Promise<never> {
  let lock = resumed;
  let updates = 0;
  let isListed = false;
  let idleSince = 0;

  const isUsed = (): boolean => lock.held !== undefined || lock.queue.length > 0;
  const stopping = (): boolean => {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || updates >= maxUpdates || historyLength >= maxEvents;
  };
  const become = (next: LockRecord): void => {
    lock = next;
    setCurrentDetails(details(key, lock));
    if (!isUsed()) idleSince = Date.now();
    else if (!isListed) show(true);
  };
  const show = (used: boolean): void => {
    isListed = used;
    upsertSearchAttributes([{ key: statusAttribute, value: used ? 'running' : 'waiting' }]);
  };
  const wakeAt = (): number => nextMoment(lock) ?? (isListed && !isUsed() ? idleSince + idleMs : Infinity);

  setHandler(stateQuery, () => settled(lock, Date.now()));
  setHandler(acquire, async (claim) => {
    updates += 1;
    become(claimed(lock, claim, Date.now()));
    const hasIt = (): boolean => lock.held?.holder === claim.holder;
    const isInFront = (): boolean => placeOf(lock, claim.holder) >= 0;
    if (!hasIt() && claim.waitMs > 0 && placeOf(lock, claim.holder) < frontPlaces)
      await condition(() => hasIt() || !isInFront() || stopping(), claim.waitMs);
    return answerTo(claim, lock);
  });
  setHandler(renew, (renewal) => {
    updates += 1;
    const next = renewed(settled(lock, Date.now()), renewal, Date.now());
    if (next !== undefined) become(next);
    return next?.held?.expiresAt ?? null;
  });
  setHandler(release, (given) => {
    updates += 1;
    become(released(lock, given, Date.now()));
  });

  // The next run inherits the attribute as it was when the first one began.
  if (isUsed() && !isListed) show(true);
  while (!stopping()) {
    const at = wakeAt();
    const isSooner = (): boolean => wakeAt() < at;
    // A renewal moves the moment on: the timer that runs is as good, and another one would cost two events.
    if (at === Infinity) await condition(() => isSooner() || stopping());
    else await condition(() => isSooner() || stopping(), Math.max(1, at - Date.now()));
    if (settled(lock, Date.now()) !== lock) become(settled(lock, Date.now()));
    if (isListed && !isUsed() && Date.now() >= idleSince + idleMs) show(false);
  }
  await condition(allHandlersFinished);
  return await makeContinueAsNewFunc<typeof perdureLock>()(key, lock);
}

/** What the Web UI shows. */
function details(key: string, { held, queue }: LockRecord): string {
  if (held === undefined) return `${key} is free`;
  return `${key} is held by \`${held.holder}\` under the token ${held.token}; ${queue.length} wait`;
}
