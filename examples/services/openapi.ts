import type { JsonObject } from '../../dsl/json.ts';

const orderId: JsonObject = { orderId: { type: 'string' } };
const items: JsonObject = {
  items: {
    type: 'array',
    items: {
      type: 'object',
      required: ['sku', 'quantity'],
      properties: { sku: { type: 'string' }, quantity: { type: 'integer', minimum: 1 } },
    },
  },
};
const simulate: JsonObject = {
  simulate: {
    type: 'object',
    description: 'Makes the service slow or fail on purpose.',
    properties: {
      delayMs: { type: 'integer' },
      failures: { type: 'integer', description: 'The first so many attempts fail.' },
      status: { type: 'integer', description: 'Status of these failures, 503 unless told.' },
    },
  },
};

/** The OpenAPI 3.1 description of the example services at `url`. */
export function openapiDocument(url: string): JsonObject {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Shop services',
      version: '1.0.0',
      description:
        'Orders, stock, payment and shipping for the examples. POST is idempotent by Idempotency-Key.',
    },
    servers: [{ url }],
    paths: {
      '/orders': post('placeOrder', 'Registers an order and prices it.', { ...orderId, ...items }),
      '/orders/{orderId}': get('getOrder', 'Reads an order.', parameter('orderId', 'path')),
      '/stock/{sku}': get('getStock', 'How much of an article there is.', parameter('sku', 'path')),
      '/stock/reservations': post('reserveStock', 'Reserves articles.', { ...orderId, ...items }),
      '/stock/releases': post('releaseStock', 'Gives a reservation back.', orderId),
      '/payment/charges': post('chargePayment', 'Charges a card; the card `declined` is declined.', {
        ...orderId,
        amount: { type: 'number' },
        currency: { type: 'string' },
        card: { type: 'string' },
      }),
      '/payment/refunds': post('refundPayment', 'Refunds an order.', orderId),
      '/shipping/rates': get(
        'getShippingRate',
        'Price and days of a carrier.',
        parameter('carrier', 'query'),
      ),
      '/shipping/shipments': post('createShipment', 'Ships an order; not to AQ.', {
        ...orderId,
        country: { type: 'string' },
        carrier: { type: 'string' },
      }),
      '/shipping/cancellations': post('cancelShipment', 'Calls a shipment back.', orderId),
      '/notifications': post('notify', 'Sends a message to somebody.', {
        to: {},
        subject: { type: 'string' },
      }),
    },
  };
}

function parameter(name: string, where: 'path' | 'query'): JsonObject {
  return { name, in: where, required: true, schema: { type: 'string' } };
}

const simulateParameter: JsonObject = {
  name: 'simulate',
  in: 'query',
  required: false,
  content: { 'application/json': { schema: simulate.simulate ?? {} } },
};

function get(operationId: string, summary: string, first: JsonObject): JsonObject {
  return { get: { operationId, summary, parameters: [first, simulateParameter], responses } };
}

function post(operationId: string, summary: string, properties: JsonObject): JsonObject {
  const schema: JsonObject = { type: 'object', properties: { ...properties, ...simulate } };
  const key: JsonObject = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } };
  return {
    post: {
      operationId,
      summary,
      parameters: [key],
      requestBody: { required: true, content: { 'application/json': { schema } } },
      responses,
    },
  };
}

const responses: JsonObject = {
  '2XX': { description: 'Done.', content: { 'application/json': { schema: { type: 'object' } } } },
  default: {
    description: 'A problem.',
    content: { 'application/problem+json': { schema: { type: 'object' } } },
  },
};
