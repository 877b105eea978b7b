import type { EventConsumptionStrategy } from '../types.ts';
import { routesOf } from './routes.ts';

const expected = (): string => 'A-1';

test('a strategy lies under the types and the values that its filters name', () => {
  const order = { from: '.data.order', expect: '${ .order }' };
  const strategy: EventConsumptionStrategy = {
    any: [
      { with: { type: 'paid', subject: 'shop', data: '${ .n > 1 }' }, correlate: { order } },
      { with: { type: 'order\\..*' } },
      { with: { source: '${ startswith("x") }' } },
    ],
    until: { one: { with: { type: 'end' } } },
  };
  expect(routesOf(strategy, 'strict', expected)).toEqual([
    {
      type: 'paid',
      where: [
        { from: '.["subject"]', value: 'shop' },
        { from: '.data.order', value: 'A-1' },
      ],
    },
    { where: [] },
    { type: 'end', where: [] },
  ]);
});

test('values that only the filter can know are not indexed', () => {
  const first = { with: { type: 'paid' }, correlate: { order: { from: '.data.order' } } };
  const context = {
    with: { type: 'paid' },
    correlate: { order: { from: '.data[$context.key]', expect: 'x' } },
  };
  expect(routesOf({ all: [first, context] }, 'strict', expected)).toEqual([{ type: 'paid', where: [] }]);
});

test('any of nothing is every event', () => {
  expect(routesOf({ any: [] }, 'strict', expected)).toEqual([{ where: [] }]);
});
