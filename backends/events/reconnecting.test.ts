import { EventSystemError } from './port.ts';
import { reach } from './reconnecting.ts';

const place = 'kafka at broker:9092';

it('tries until it succeeds', async () => {
  let attempts = 0;
  const attempt = async (): Promise<number> => {
    attempts += 1;
    if (attempts < 3) throw new Error('away');
    return attempts;
  };
  expect(await reach({ place, attempt, isFinal: () => false })).toBe(3);
});

it('gives up after its time, and at once where trying again cannot help', async () => {
  const attempt = (): Promise<never> => Promise.reject(new Error('refused'));
  const failure = 'events: kafka at broker:9092 cannot be used: refused';
  const late = reach({ place, attempt, isFinal: () => false, patienceMs: -1 });
  await expect(late).rejects.toThrow(new EventSystemError(failure));
  await expect(reach({ place, attempt, isFinal: () => true })).rejects.toThrow(failure);
});
