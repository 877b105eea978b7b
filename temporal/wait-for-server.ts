import { Connection } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from './start-error.ts';

/**
 * Waits until the server at `address` answers a real call, at most `timeoutMs`. Resolves to undefined when it does,
 * else to the reason. `gaveUp` ends the wait early.
 */
export async function waitForServer(
  address: string,
  timeoutMs: number,
  gaveUp: () => boolean = () => false,
): Promise<string | undefined> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const problem = await askServer(address);
    if (problem === undefined || gaveUp() || Date.now() > end) return problem;
    await sleep(100);
  }
}

async function askServer(address: string): Promise<string | undefined> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 1_000 });
    try {
      await connection.withDeadline(Date.now() + 2_000, () =>
        connection.workflowService.describeNamespace({ namespace: 'default' }),
      );
      return undefined;
    } finally {
      await connection.close();
    }
  } catch (error) {
    return reasonOf(error);
  }
}
