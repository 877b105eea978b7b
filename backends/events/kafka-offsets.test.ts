import { createOffsetLedger } from './kafka-offsets.ts';

test('commits of a partition wait for the messages before', () => {
  const ledger = createOffsetLedger();
  for (const offset of ['7', '8', '10']) ledger.delivered(offset);
  ledger.done('8');
  expect(ledger.committable()).toBeUndefined();
  ledger.done('7');
  expect(ledger.committable()).toBe('9');
  expect(ledger.open).toBe(1);
  ledger.done('10');
  ledger.done('10');
  expect(ledger.committable()).toBe('11');
});

test('what came again is known until it is committed', () => {
  const ledger = createOffsetLedger();
  expect(ledger.delivered('9')).toBe(true);
  expect(ledger.delivered('9')).toBe(false);
  ledger.done('9');
  expect(ledger.delivered('9')).toBe(false);
  ledger.committed('10');
  expect(ledger.committable()).toBeUndefined();
  expect(ledger.delivered('9')).toBe(true);
  expect(ledger.open).toBe(1);
});
