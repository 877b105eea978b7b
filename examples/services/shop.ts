/** What the example services know and do, in memory and without HTTP: orders, stock, payment, shipping. */
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';

export interface Answer {
  readonly status: number;
  readonly body: Json;
  /** Whether something changed. */
  readonly effect: boolean;
}

export interface ShopRequest {
  /** Values of `{name}` in the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
}

type Operation = (request: ShopRequest) => Answer;

const prices: Readonly<Record<string, number>> = {
  'tea-green': 9.5,
  'tea-black': 7.25,
  teapot: 48,
  whisk: 19,
};
const carriers: Readonly<Record<string, { readonly price: number; readonly days: number }>> = {
  post: { price: 4.9, days: 4 },
  courier: { price: 9.9, days: 2 },
  express: { price: 19.9, days: 1 },
};

/** The operations by `METHOD /path`; a path's `{name}` matches one segment. Every call makes a new, empty shop. */
export function createShop(): Readonly<Record<string, Operation>> {
  const stock = new Map<string, number>([
    ...Object.keys(prices).map((sku) => [sku, 1_000_000] as const),
    ['whisk', 3] as const,
  ]);
  const orders = new Map<string, JsonObject>();
  const reserved = new Map<string, readonly OrderLine[]>();
  const charged = new Map<string, JsonObject>();
  const shipped = new Map<string, JsonObject>();

  return {
    'POST /orders': ({ body }) => {
      const lines = orderLines(body.items);
      if (lines === undefined) return refused(400, 'items must be a list of sku and quantity');
      const total = lines.reduce((sum, { sku, quantity }) => sum + (prices[sku] ?? 0) * quantity, 0);
      const order = { orderId: text(body.orderId), items: lines, total, currency: 'EUR' };
      orders.set(order.orderId, order);
      return done(order, 201);
    },
    'GET /orders/{orderId}': ({ path }) => found(orders.get(path.orderId ?? ''), 'order'),

    'GET /stock/{sku}': ({ path }) => {
      const sku = path.sku ?? '';
      const available = stock.get(sku);
      return found(
        available === undefined ? undefined : { sku, available, price: prices[sku] ?? 0 },
        'article',
      );
    },
    'POST /stock/reservations': ({ body }) => {
      const orderId = text(body.orderId);
      const lines = orderLines(body.items);
      if (lines === undefined) return refused(400, 'items must be a list of sku and quantity');
      const missing = lines.find(({ sku, quantity }) => (stock.get(sku) ?? 0) < quantity);
      if (missing !== undefined) return refused(409, `Not enough of ${missing.sku} in stock`);
      for (const { sku, quantity } of lines) stock.set(sku, (stock.get(sku) ?? 0) - quantity);
      reserved.set(orderId, [...(reserved.get(orderId) ?? []), ...lines]);
      return done({ reservationId: `reservation-${orderId}` }, 201);
    },
    'POST /stock/releases': ({ body }) => {
      const orderId = text(body.orderId);
      const lines = reserved.get(orderId) ?? [];
      for (const { sku, quantity } of lines) stock.set(sku, (stock.get(sku) ?? 0) + quantity);
      return done({ released: lines.length > 0 }, 200, reserved.delete(orderId));
    },

    'POST /payment/charges': ({ body }) => {
      const orderId = text(body.orderId);
      if (body.card === 'declined') return refused(402, 'The card was declined');
      const charge = {
        chargeId: `charge-${orderId}`,
        amount: body.amount ?? 0,
        currency: body.currency ?? 'EUR',
      };
      charged.set(orderId, charge);
      return done(charge, 201);
    },
    'POST /payment/refunds': ({ body }) => {
      const refunded = charged.delete(text(body.orderId));
      return done({ refunded }, 200, refunded);
    },

    'GET /shipping/rates': ({ query }) => {
      const name = query.get('carrier') ?? 'post';
      const carrier = carriers[name];
      return found(carrier && { carrier: name, ...carrier, currency: 'EUR' }, 'carrier');
    },
    'POST /shipping/shipments': ({ body }) => {
      const orderId = text(body.orderId);
      const country = isJsonObject(body.shipTo) ? text(body.shipTo.country) : text(body.country);
      if (country === 'AQ') return refused(422, 'Nobody delivers to Antarctica');
      const shipment = { trackingNumber: `track-${orderId}`, carrier: body.carrier ?? 'post' };
      shipped.set(orderId, shipment);
      return done(shipment, 201);
    },
    'POST /shipping/cancellations': ({ body }) => {
      const cancelled = shipped.delete(text(body.orderId));
      return done({ cancelled }, 200, cancelled);
    },

    'POST /notifications': ({ body }) => done({ notified: body.to ?? null }, 202),
  };
}

/** A problem (RFC 9457) in a few words. */
export function refused(status: number, detail: string): Answer {
  return { status, body: { type: 'about:blank', status, detail }, effect: false };
}

function done(body: Json, status = 200, effect = true): Answer {
  return { status, body, effect };
}

function found(value: JsonObject | undefined, what: string): Answer {
  return value === undefined ? refused(404, `No such ${what}`) : done(value, 200, false);
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

type OrderLine = { readonly sku: string; readonly quantity: number };

function orderLines(value: Json | undefined): readonly OrderLine[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const lines = (value as readonly Json[]).filter(isJsonObject).map(({ sku, quantity }) => ({
    sku: text(sku),
    quantity: typeof quantity === 'number' ? quantity : 0,
  }));
  return lines.length === value.length && lines.every(({ quantity }) => quantity > 0) ? lines : undefined;
}
