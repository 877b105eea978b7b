import { decide, parseDecision, refusal, requestApproval } from './approval-state.ts';
import type { ApprovalDecision, ApprovalInput } from './contract.ts';

const now = Date.parse('2030-01-01T00:00:00Z');
const input: ApprovalInput = {
  subject: 'Kettle',
  requestedBy: 'edsger',
  approvers: ['ada', 'grace', 'alan'],
  deadlineSeconds: 60,
  remindEverySeconds: 10,
};
const pending = requestApproval(input, now);
const by = (who: string, verdict: 'approve' | 'reject' = 'approve'): ApprovalDecision => ({
  id: who,
  who,
  verdict,
});

test('the deadline counts from the request', () => {
  expect(pending).toMatchObject({ status: 'pending', deadline: '2030-01-01T00:01:00.000Z', decisions: [] });
});

test('it is approved when as many as are needed said yes', () => {
  const first = decide(pending, by('ada'), 2, now);
  expect(first).toMatchObject({ status: 'pending', waitingFor: ['grace', 'alan'] });
  expect(decide(first, by('alan'), 2, now)).toMatchObject({ status: 'approved', waitingFor: ['grace'] });
});

test('one no rejects, whatever was said before', () => {
  expect(decide(decide(pending, by('ada'), 2, now), by('alan', 'reject'), 2, now).status).toBe('rejected');
});

test('more approvals than approvers cannot be needed: all of them are enough', () => {
  const all = ['ada', 'grace', 'alan'].reduce((state, who) => decide(state, by(who), 9, now), pending);
  expect(all.status).toBe('approved');
});

test('a repeated decision changes nothing and is not refused', () => {
  const once = decide(pending, by('ada'), 2, now);
  expect(refusal(once, by('ada'))).toBeUndefined();
  expect(decide(once, by('ada'), 2, now + 5_000)).toBe(once);
});

test.each([
  ['a stranger', pending, by('eve'), 'eve is not an approver'],
  [
    'a second say',
    decide(pending, by('ada'), 2, now),
    { ...by('ada'), id: 'other' },
    'ada has already decided',
  ],
  ['a late one', decide(pending, by('ada'), 1, now), by('alan'), 'The approval is already approved'],
])('%s is refused', (_what, state, decision, reason) => {
  expect(refusal(state, decision)).toBe(reason);
});

test.each([
  [null, 'A decision is an object with id, who and verdict'],
  [{ who: 'ada', verdict: 'approve' }, 'id must be a text that is not empty'],
  [{ id: '1', who: '', verdict: 'approve' }, 'who must be a text that is not empty'],
  [{ id: '1', who: 'ada', verdict: 'perhaps' }, 'verdict must be approve or reject'],
  [{ id: '1', who: 'ada', verdict: 'approve', comment: 5 }, 'comment must be a text'],
])('%j is no decision', (value, reason) => {
  expect(parseDecision(value)).toBe(reason);
});
