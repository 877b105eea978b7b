import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { OrderActivities } from '../activities/orders.ts';
import { decide, parseDecision, refusal, requestApproval } from './approval-state.ts';
import type { ApprovalState } from './approval-state.ts';
import { approvalNames } from './contract.ts';
import type { ApprovalDecision, ApprovalInput } from './contract.ts';

const { remind } = proxyActivities<Pick<OrderActivities, 'remind'>>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
});

const stateQuery = defineQuery<ApprovalState>(approvalNames.stateQuery);
const decideSignal = defineSignal<[ApprovalDecision]>(approvalNames.decideSignal);
const decideUpdate = defineUpdate<ApprovalState, [ApprovalDecision]>(approvalNames.decideUpdate);

/**
 * Waits until enough approvers said yes, one said no, or the deadline passed, and reminds those who are silent.
 * `resumed` is only for continue-as-new: the state of the run before.
 */
export async function approval(input: ApprovalInput, resumed?: ApprovalState): Promise<ApprovalState> {
  let state = resumed ?? requestApproval(input, Date.now());
  const record = (decision: ApprovalDecision): ApprovalState =>
    (state = decide(state, decision, input.needed ?? 1, Date.now()));

  setHandler(stateQuery, () => state);
  // A signal cannot be refused to its sender, so a bad one is counted and logged instead of failing the approval.
  setHandler(decideSignal, (value: unknown) => {
    const decision = parseDecision(value);
    const problem = typeof decision === 'string' ? decision : refusal(state, decision);
    if (typeof decision !== 'string' && problem === undefined) return void record(decision);
    log.warn('Refused a decision', { problem });
    state = { ...state, refusedSignals: state.refusedSignals + 1 };
  });
  setHandler(decideUpdate, (value: unknown) => record(acceptable(state, value)), {
    validator: (value: unknown) => void acceptable(state, value),
  });

  const deadline = Date.parse(state.deadline);
  const decided = (): boolean => state.status !== 'pending';
  while (!decided()) {
    setCurrentDetails(`Waiting for ${state.waitingFor.join(', ')} until ${state.deadline}`);
    const pause = Math.min(input.remindEverySeconds * 1_000, deadline - Date.now());
    if (pause > 0 && (await condition(decided, pause))) break;
    if (Date.now() >= deadline) state = { ...state, status: 'expired' };
    else if (await sendReminder(state)) state = { ...state, remindersSent: state.remindersSent + 1 };
    if (!decided() && workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof approval>(input, state);
    }
  }
  await condition(allHandlersFinished);
  setCurrentDetails(`${state.subject}: ${state.status}`);
  return state;
}

/** The decision in `value`; throws a failure that the sender of the update sees when it cannot be taken. */
function acceptable(state: ApprovalState, value: unknown): ApprovalDecision {
  const decision = parseDecision(value);
  const problem = typeof decision === 'string' ? decision : refusal(state, decision);
  if (typeof decision !== 'string' && problem === undefined) return decision;
  throw ApplicationFailure.nonRetryable(problem ?? 'The decision cannot be taken', 'DecisionRefused');
}

/** Whether the reminder went out. One that did not is logged: it must not fail what it reminds of. */
async function sendReminder(state: ApprovalState): Promise<boolean> {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const number = state.remindersSent + 1;
  try {
    await remind({
      key: `${workflowId}/${firstExecutionRunId}/remind-${Date.now()}`,
      subject: state.subject,
      to: state.waitingFor,
      deadline: state.deadline,
      number,
    });
    return true;
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    log.warn('A reminder could not be sent', { number, error });
    return false;
  }
}
