import { NativeConnection } from '@temporalio/worker';
import { patiently } from '../temporal/connect.ts';
import type { ServerAddress } from '../temporal/connect.ts';

/** A connection for workers. Waits up to 30 s for a server that is still starting; then fails with what to do. */
export async function connectWorker(server: ServerAddress): Promise<NativeConnection> {
  return await patiently(server, () => NativeConnection.connect({ ...server }));
}
