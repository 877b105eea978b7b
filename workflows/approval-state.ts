/** The rules of an approval, without Temporal: who may decide what, and what follows. */
import { isJsonObject } from '../dsl/json.ts';
import type { ApprovalDecision, ApprovalInput } from './contract.ts';

interface RecordedDecision extends ApprovalDecision {
  /** ISO 8601. */
  readonly at: string;
}

/** The answer of the query `state` and of the update `decide`, and the result. */
export interface ApprovalState {
  readonly status: 'pending' | 'approved' | 'rejected' | 'expired';
  readonly subject: string;
  readonly requestedBy: string;
  /** Approvers who have not decided yet. */
  readonly waitingFor: readonly string[];
  readonly decisions: readonly RecordedDecision[];
  /** Signals that did not count: malformed, from a stranger, or too late. */
  readonly refusedSignals: number;
  readonly remindersSent: number;
  /** ISO 8601. */
  readonly deadline: string;
}

/** A pending approval whose deadline counts from `now`, in milliseconds since the epoch. */
export function requestApproval(input: ApprovalInput, now: number): ApprovalState {
  return {
    status: 'pending',
    subject: input.subject,
    requestedBy: input.requestedBy,
    waitingFor: input.approvers,
    decisions: [],
    refusedSignals: 0,
    remindersSent: 0,
    deadline: new Date(now + input.deadlineSeconds * 1_000).toISOString(),
  };
}

/** Reads a decision from outside; the text says what is wrong with it. */
export function parseDecision(value: unknown): ApprovalDecision | string {
  if (!isJsonObject(value)) return 'A decision is an object with id, who and verdict';
  const { id, who, verdict, comment } = value;
  if (typeof id !== 'string' || id === '') return 'id must be a text that is not empty';
  if (typeof who !== 'string' || who === '') return 'who must be a text that is not empty';
  if (verdict !== 'approve' && verdict !== 'reject') return 'verdict must be approve or reject';
  if (comment !== undefined && typeof comment !== 'string') return 'comment must be a text';
  return comment === undefined ? { id, who, verdict } : { id, who, verdict, comment };
}

/** Whether this decision was recorded before: a repetition is no error and changes nothing. */
function isRecorded(state: ApprovalState, decision: ApprovalDecision): boolean {
  return state.decisions.some(({ id }) => id === decision.id);
}

/** Why a decision cannot be taken now, or undefined when it can. */
export function refusal(state: ApprovalState, decision: ApprovalDecision): string | undefined {
  if (isRecorded(state, decision)) return undefined;
  if (state.status !== 'pending') return `The approval is already ${state.status}`;
  if (state.waitingFor.includes(decision.who)) return undefined;
  return state.decisions.some(({ who }) => who === decision.who)
    ? `${decision.who} has already decided`
    : `${decision.who} is not an approver`;
}

/** The state after a decision that {@link refusal} lets through. */
export function decide(
  state: ApprovalState,
  decision: ApprovalDecision,
  needed: number,
  now: number,
): ApprovalState {
  if (isRecorded(state, decision)) return state;
  const decisions = [...state.decisions, { ...decision, at: new Date(now).toISOString() }];
  const waitingFor = state.waitingFor.filter((name) => name !== decision.who);
  const approvals = decisions.filter(({ verdict }) => verdict === 'approve').length;
  const approved = approvals >= Math.min(needed, decisions.length + waitingFor.length);
  const status = decision.verdict === 'reject' ? 'rejected' : approved ? 'approved' : 'pending';
  return { ...state, status, decisions, waitingFor };
}
