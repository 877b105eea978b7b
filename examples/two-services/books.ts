/** What both services have on record, and whether that is what should be there. */
import { z } from 'zod';
import type { Json } from '../../dsl/json.ts';

const ordersBook = z.object({
  left: z.number(),
  orders: z.array(z.object({ id: z.string(), state: z.string(), parcel: z.string().nullish() })),
});
const shippingBook = z.object({ parcels: z.array(z.object({ order: z.string(), parcel: z.string() })) });

export interface Expected {
  /** Ids of the orders that were made. */
  readonly orders: readonly string[];
  /** Goods that are to be left in the stock. */
  readonly left: number;
}

/**
 * What is wrong with the books, in a line each; none where every order was delivered, has one parcel of its own, and was
 * taken from the stock once. `orders` and `shipping` are the outputs of the two workflows `report`.
 */
export function findLosses(orders: Json, shipping: Json, expected: Expected): readonly string[] {
  const ours = ordersBook.parse(orders);
  const theirs = shippingBook.parse(shipping);
  const losses: string[] = [];
  for (const id of expected.orders) {
    const order = ours.orders.find((one) => one.id === id);
    const parcels = theirs.parcels.filter((one) => one.order === id);
    if (order?.state !== 'delivered') losses.push(`${id} is ${order?.state ?? 'not on record'}`);
    if (parcels.length !== 1) losses.push(`${id} has ${parcels.length} parcels`);
    else if (order !== undefined && order.parcel !== parcels[0]?.parcel)
      losses.push(`${id} knows of the parcel ${order.parcel ?? 'none'}, shipping of ${parcels[0]?.parcel}`);
  }
  if (theirs.parcels.length !== expected.orders.length)
    losses.push(`there are ${theirs.parcels.length} parcels for ${expected.orders.length} orders`);
  if (ours.left !== expected.left) losses.push(`${ours.left} are left in the stock, not ${expected.left}`);
  return losses;
}
