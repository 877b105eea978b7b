import type { JsonObject } from './json.ts';
import { onFaultOf } from './on-fault.ts';

test.each<[JsonObject, string | undefined]>([
  [{ onFault: 'hold' }, 'hold'],
  [{ onFault: 'fail', owner: 'shop' }, 'fail'],
  [{ onFault: 'page somebody' }, undefined],
  [{}, undefined],
])('the metadata %j ask for %p', (metadata, expected) => {
  const document = { dsl: '1.0.3', namespace: 'shop', name: 'order', version: '1.0.0', metadata };
  expect(onFaultOf({ document, do: [] })).toBe(expected);
});
