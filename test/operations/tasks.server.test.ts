/** Pages of task runs, through the runs of an execution and past what Temporal keeps. */
import { approval, becomes, problemOf, startOperationsService } from './operations-service.ts';
import type { OperationsService } from './operations-service.ts';

interface Page {
  readonly tasks: { seq: number; name: string; status: string }[];
  readonly before: number | null;
  readonly runId: string;
  readonly earlierUnavailable?: boolean;
}

let service: OperationsService;

// Each round is an activity, and so some events: the execution continues as new every few rounds.
const rounds = 30;
const counting = `do:
  - count: { set: '\${ { n: ((.n // 0) + 1) } }' }
  - tell: { emit: { event: { with: { source: https://example.com, type: test.counted } } } , output: { as: $input } }
  - again: { switch: [{ more: { when: .n < ${rounds}, then: count } }, { enough: { then: end } }] }
`;

beforeAll(async () => {
  service = await startOperationsService({ historyEvents: 40 });
  await service.define('counting', counting);
  for (const id of ['partly-gone', 'counted']) {
    await service.begin('counting', id);
    await service.until(id, { status: 'completed' });
  }
  await removeRunBefore('partly-gone');
}, 120_000);
afterAll(() => service?.stop());

/** Deletes the last run but one, as retention does. */
async function removeRunBefore(workflowId: string): Promise<void> {
  const { client } = service;
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId },
  });
  const runId = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
  await client.workflowService.deleteWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId },
  });
}

async function page(id: string, query: Record<string, string>): Promise<Page> {
  const { status, body } = await service.call(
    'GET',
    `/v1/executions/${id}/tasks?${new URLSearchParams(query).toString()}`,
  );
  expect(status).toBe(200);
  return body as unknown as Page;
}

/** Every page from the latest on, as a caller goes through them. */
async function allPages(id: string, limit: number): Promise<Page[]> {
  const pages = [await page(id, { limit: String(limit) })];
  for (let last = pages[0]; last !== undefined && last.before !== null; last = pages.at(-1)) {
    const { before, runId } = last;
    pages.push(await page(id, { limit: String(limit), before: String(before), runId }));
  }
  return pages;
}

const numbers = ({ tasks }: Page): number[] => tasks.map(({ seq }) => seq);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

test.each([1_000, 25, 7])(
  'pages of up to %i hold every task run of every run once, in order',
  async (limit) => {
    const pages = await allPages('counted', Math.min(limit, 500));
    expect(pages.toReversed().flatMap(numbers)).toEqual(upTo(rounds * 3));
    expect(pages.length).toBeGreaterThan(limit === 1_000 ? 0 : 3);
    expect(pages.at(-1)).not.toHaveProperty('earlierUnavailable');
  },
);

test('a page can begin before any number', async () => {
  const { tasks, before } = await page('counted', { before: '10', limit: '4' });
  expect(tasks.map(({ seq }) => seq)).toEqual([6, 7, 8, 9]);
  expect(before).toBe(6);
  expect(await page('counted', { before: '1' })).toMatchObject({ tasks: [], before: null });
});

test('an execution without tasks, an unknown one and a wrong page are told apart', async () => {
  await service.post('/v1/executions', { ...approval, id: 'typescript' });
  const refused = await service.call('GET', '/v1/executions/typescript/tasks');
  expect(problemOf(refused)).toEqual([409, 'operation-not-supported']);
  expect(problemOf(await service.call('GET', '/v1/executions/nobody/tasks'))[0]).toBe(404);
  expect(problemOf(await service.call('GET', '/v1/executions/counted/tasks?limit=501'))[0]).toBe(400);
});

// Temporal deletes a run once its queues have moved on, which takes up to half a minute.
test('runs that Temporal no longer keeps are said to be missing', async () => {
  const last = await becomes(() => page('partly-gone', { limit: '500' }), {
    before: null,
    earlierUnavailable: true,
  });
  expect(last.tasks.at(-1)?.seq).toBe(rounds * 3);
  expect(last.tasks.length).toBeLessThan(rounds * 3);
}, 120_000);
