import { resolve } from 'node:path';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { createHttpSender } from '../network/http-sender.ts';
import { createOrderActivities } from '../activities/orders.ts';
import { replayHistory, startPartner, startTestService } from '../testing/index.ts';
import type { Partner, TestService } from '../testing/index.ts';
import type { ApprovalState } from './approval-state.ts';
import { approvalNames } from './contract.ts';
import type { ApprovalDecision, ApprovalInput } from './contract.ts';

const root = resolve(__dirname, '..');
const http = createHttpSender({ allow: ['127.0.0.1'], maxRedirects: 0 });
const hour = 3_600;
const input: ApprovalInput = {
  subject: 'New kettle',
  requestedBy: 'edsger',
  approvers: ['ada', 'grace'],
  deadlineSeconds: 24 * hour,
  remindEverySeconds: 7 * hour,
};
const adaApproves: ApprovalDecision = { id: '1', who: 'ada', verdict: 'approve' };

let partner: Partner;
let service: TestService;

beforeAll(async () => {
  partner = await startPartner({ 'POST /notifications': { status: 202 } });
  const activities = createOrderActivities({ http, baseUrl: partner.url });
  service = await startTestService({ root, activities, timeSkipping: true });
}, 300_000);

afterAll(async () => {
  await service?.close();
  await Promise.all([partner?.close(), http.close()]);
});

let approvals = 0;

function start(changes: Partial<ApprovalInput> = {}): ReturnType<typeof service.client.workflow.start> {
  return service.client.workflow.start(approvalNames.workflow, {
    workflowId: `approval-${++approvals}`,
    taskQueue: service.taskQueue,
    args: [{ ...input, ...changes }],
  });
}

test('a signal approves', async () => {
  const handle = await start();
  await handle.signal(approvalNames.decideSignal, { ...adaApproves, comment: 'Yes, please' });
  expect(await handle.result()).toMatchObject({
    status: 'approved',
    waitingFor: ['grace'],
    decisions: [{ id: '1', who: 'ada', verdict: 'approve', comment: 'Yes, please' }],
    remindersSent: 0,
  });
  await replayHistory(await service.history(handle.workflowId), { root });
});

test('an update rejects and answers the state', async () => {
  const handle = await start();
  const decision: ApprovalDecision = { id: '1', who: 'grace', verdict: 'reject', comment: 'Too dear' };
  const state = await handle.executeUpdate<ApprovalState, [ApprovalDecision]>(approvalNames.decideUpdate, {
    args: [decision],
  });
  expect(state).toMatchObject({ status: 'rejected', decisions: [decision] });
  expect(await handle.result()).toEqual(state);
  await replayHistory(await service.history(handle.workflowId), { root });
});

test('a repeated signal counts once, and one person has one say', async () => {
  const handle = await start({ needed: 2 });
  await handle.signal(approvalNames.decideSignal, adaApproves);
  await handle.signal(approvalNames.decideSignal, adaApproves);
  await handle.signal(approvalNames.decideSignal, { ...adaApproves, id: '2' });
  await handle.signal(approvalNames.decideSignal, { who: 'grace' });
  expect(await handle.query<ApprovalState>(approvalNames.stateQuery)).toMatchObject({
    status: 'pending',
    decisions: [{ id: '1' }],
    refusedSignals: 2,
  });
  await handle.signal(approvalNames.decideSignal, { id: '3', who: 'grace', verdict: 'approve' });
  expect(await handle.result()).toMatchObject({ status: 'approved', waitingFor: [] });
});

test.each([
  ['a stranger', { id: '9', who: 'eve', verdict: 'approve' }, 'eve is not an approver'],
  ['a verdict that is none', { id: '9', who: 'ada', verdict: 'maybe' }, 'verdict must be approve or reject'],
  ['no object', 'yes', 'A decision is an object with id, who and verdict'],
])('an update from %s is refused and leaves no trace', async (_what, decision, message) => {
  const handle = await start();
  const error: unknown = await handle
    .executeUpdate(approvalNames.decideUpdate, { args: [decision] })
    .catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
  expect((error as WorkflowUpdateFailedError).cause).toMatchObject({ type: 'DecisionRefused', message });
  expect(await handle.query<ApprovalState>(approvalNames.stateQuery)).toMatchObject({
    status: 'pending',
    decisions: [],
    refusedSignals: 0,
  });
  await handle.terminate();
});

test('silent approvers are reminded, and at the deadline the approval expires', async () => {
  const before = partner.requests('POST /notifications').length;
  const handle = await start();
  expect(await handle.result()).toMatchObject({ status: 'expired', remindersSent: 3, decisions: [] });
  const reminders = partner.requests('POST /notifications').slice(before);
  expect(reminders.map(({ body }) => body)).toEqual(
    [1, 2, 3].map((number) =>
      expect.objectContaining({ number, to: ['ada', 'grace'], subject: 'New kettle' }),
    ),
  );
  await replayHistory(await service.history(handle.workflowId), { root });
});

test('only those who have not decided are reminded, and a reminder that fails harms nothing', async () => {
  const before = partner.requests('POST /notifications').length;
  partner.answer('POST /notifications', [{ status: 403 }, { status: 202 }]);
  const handle = await start({ needed: 2, deadlineSeconds: 15 * hour });
  await handle.signal(approvalNames.decideSignal, adaApproves);
  expect(await handle.result()).toMatchObject({ status: 'expired', remindersSent: 1 });
  const reminded = partner.requests('POST /notifications').slice(before);
  expect(reminded.map(({ body }) => body)).toEqual([
    expect.objectContaining({ to: ['grace'] }),
    expect.objectContaining({ to: ['grace'] }),
  ]);
});
