import pino from 'pino';
import { createClosing } from './closing.ts';

test('closes the last opened first, once, and goes on after a failure', async () => {
  const closed: string[] = [];
  const logged: string[] = [];
  const closing = createClosing(
    pino({ level: 'error' }, { write: (line: string) => void logged.push(line) }),
  );
  closing.add('server', async () => void closed.push('server'));
  closing.add('store', async () => await Promise.reject(new Error('disk is gone')));
  closing.add('api', async () => void closed.push('api'));
  await Promise.all([closing.close(), closing.close()]);
  expect(closed).toEqual(['api', 'server']);
  expect(logged).toEqual([expect.stringContaining('disk is gone')]);
});
