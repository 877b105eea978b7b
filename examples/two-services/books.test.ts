import { findLosses } from './books.ts';

const expected = { orders: ['order-1', 'order-2'], left: 4 };
const order = (id: string, more = {}) => ({ id, state: 'delivered', parcel: `P-${id}`, ...more });
const parcel = (id: string, name = `P-${id}`) => ({ order: id, parcel: name });

test('nothing is lost where every order is delivered and has its parcel', () => {
  const orders = { left: 4, orders: [order('order-1'), order('order-2')] };
  expect(findLosses(orders, { parcels: [parcel('order-1'), parcel('order-2')] }, expected)).toEqual([]);
});

test.each([
  ['an order that is not on record', { left: 4, orders: [order('order-1')] }, [], 'order-2 is not on record'],
  [
    'an order under way',
    { left: 4, orders: [order('order-1'), order('order-2', { state: 'placed' })] },
    [],
    'order-2 is placed',
  ],
  [
    'a second parcel',
    { left: 4, orders: [order('order-1'), order('order-2')] },
    [parcel('order-2', 'P-2')],
    'order-2 has 2 parcels',
  ],
  [
    'goods taken twice',
    { left: 2, orders: [order('order-1'), order('order-2')] },
    [],
    '2 are left in the stock, not 4',
  ],
])('tells of %s', (_, orders, more, loss) => {
  const parcels = [parcel('order-1'), parcel('order-2'), ...more];
  expect(findLosses(orders, { parcels }, expected)).toContain(loss);
});

test('tells of a parcel that the order does not know', () => {
  const orders = { left: 4, orders: [order('order-1', { parcel: null }), order('order-2')] };
  expect(findLosses(orders, { parcels: [parcel('order-1'), parcel('order-2')] }, expected)).toEqual([
    'order-1 knows of the parcel none, shipping of P-order-1',
  ]);
});
