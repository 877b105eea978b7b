import { resolve } from 'node:path';
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { ApplicationFailure } from '@temporalio/common';
import { createHttpSender } from '../network/http-sender.ts';
import { createOrderActivities } from '../activities/orders.ts';
import { replayHistory, startPartner, startTestService } from '../testing/index.ts';
import type { Partner, TestService } from '../testing/index.ts';
import { orderSagaNames } from './contract.ts';
import type { OrderSagaInput } from './contract.ts';
import type { OrderSagaProgress } from './order-saga.ts';

const root = resolve(__dirname, '..');
const http = createHttpSender({ allow: ['127.0.0.1'], maxRedirects: 0 });
const input: OrderSagaInput = {
  orderId: 'o-1',
  items: [{ sku: 'teapot', quantity: 2 }],
  payment: { amount: 96, currency: 'EUR', card: 'card-4242' },
  shipTo: { name: 'Ada', city: 'Porto', country: 'PT' },
};
const working = {
  'POST /stock/reservations': { status: 201, body: { reservationId: 'r-1' } },
  'POST /stock/releases': { body: { released: true } },
  'POST /payment/charges': { status: 201, body: { chargeId: 'c-1' } },
  'POST /payment/refunds': { body: { refunded: true } },
  'POST /shipping/shipments': { status: 201, body: { trackingNumber: 't-1' } },
  'POST /shipping/cancellations': { body: { cancelled: true } },
};

let partner: Partner;
let service: TestService;

beforeAll(async () => {
  partner = await startPartner(working);
  const activities = createOrderActivities({ http, baseUrl: partner.url });
  service = await startTestService({ root, activities });
}, 300_000);

beforeEach(() => {
  for (const [route, reply] of Object.entries(working)) partner.answer(route, reply);
});

afterAll(async () => {
  await service?.close();
  await Promise.all([partner?.close(), http.close()]);
});

let orders = 0;

function start(): ReturnType<typeof service.client.workflow.start> {
  const orderId = `o-${++orders}`;
  return service.client.workflow.start(orderSagaNames.workflow, {
    workflowId: `order-saga-${orderId}`,
    taskQueue: service.taskQueue,
    args: [{ ...input, orderId }],
  });
}

/** Paths that the partner was asked for the latest order, repeated attempts once. */
function asked(): string[] {
  const own = partner.requests().filter(({ body }) => Object(body).orderId === `o-${orders}`);
  return [...new Set(own.map(({ path }) => path))];
}

test('an order is reserved, charged and shipped', async () => {
  const handle = await start();
  expect(await handle.result()).toEqual({
    orderId: 'o-1',
    reservationId: 'r-1',
    chargeId: 'c-1',
    trackingNumber: 't-1',
  });
  const progress = await handle.query<OrderSagaProgress>(orderSagaNames.progressQuery);
  expect(progress).toEqual({
    stage: 'fulfilled',
    done: ['reserveStock', 'chargePayment', 'createShipment'],
    undone: [],
    stuck: [],
  });
  await replayHistory(await service.history(handle.workflowId), { root });
});

test.each([
  ['reserveStock', 'POST /stock/reservations', ['/stock/reservations', '/stock/releases']],
  [
    'chargePayment',
    'POST /payment/charges',
    ['/stock/reservations', '/payment/charges', '/payment/refunds', '/stock/releases'],
  ],
  [
    'createShipment',
    'POST /shipping/shipments',
    [
      '/stock/reservations',
      '/payment/charges',
      '/shipping/shipments',
      '/shipping/cancellations',
      '/payment/refunds',
      '/stock/releases',
    ],
  ],
])('a refusal in %s undoes what was done, last first', async (step, route, paths) => {
  partner.answer(route, { status: 422, body: { detail: 'No thanks' } });
  const handle = await start();
  const error: unknown = await handle.result().catch((failure: unknown) => failure);

  expect(error).toBeInstanceOf(WorkflowFailedError);
  const cause = (error as WorkflowFailedError).cause as ApplicationFailure;
  expect(cause.type).toBe('OrderFailed');
  expect(cause.message).toContain(
    `failed in ${step}: ${route.replace(' ', ` ${partner.url}`)} answered 422: No thanks`,
  );
  expect(asked()).toEqual(paths);
  await replayHistory(await service.history(handle.workflowId), { root });
});

test('a service that fails for a moment is asked again under the same key', async () => {
  const before = partner.requests('POST /payment/charges').length;
  partner.answer('POST /payment/charges', [
    { status: 503 },
    { hangUp: true },
    { status: 201, body: { chargeId: 'c-2' } },
  ]);
  const handle = await start();
  expect(await handle.result()).toMatchObject({ chargeId: 'c-2' });
  const keys = partner
    .requests('POST /payment/charges')
    .slice(before)
    .map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
});

test('a cancelled order ends the step that runs, then undoes everything', async () => {
  let charging = (): void => undefined;
  const isCharging = new Promise<void>((begun) => (charging = begun));
  partner.answer('POST /payment/charges', () => {
    charging();
    return { status: 201, body: { chargeId: 'late' }, delayMs: 1_000 };
  });
  const handle = await start();
  await isCharging;
  await handle.cancel();
  const error: unknown = await handle.result().catch((failure: unknown) => failure);

  expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
  expect((await handle.describe()).status.name).toBe('CANCELLED');
  expect(asked()).toEqual(['/stock/reservations', '/payment/charges', '/payment/refunds', '/stock/releases']);
  expect(await handle.query<OrderSagaProgress>(orderSagaNames.progressQuery)).toMatchObject({
    stage: 'cancelled',
    undone: ['chargePayment', 'reserveStock'],
  });
});

test('a compensation that is refused is named, and the others still run', async () => {
  partner.answer('POST /shipping/shipments', { status: 422 });
  partner.answer('POST /payment/refunds', { status: 403 });
  const handle = await start();
  await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
  expect(await handle.query<OrderSagaProgress>(orderSagaNames.progressQuery)).toMatchObject({
    stage: 'failed',
    undone: ['createShipment', 'reserveStock'],
    stuck: ['chargePayment'],
  });
});
