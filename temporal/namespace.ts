import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Settings } from '../config/settings.ts';
import { isGrpcStatus } from './grpc-status.ts';
import { ensureSearchAttributes } from './search-attributes.ts';
import { reasonOf, StartError } from './start-error.ts';

type NamespaceSettings = Pick<Settings['temporal'], 'namespace' | 'retentionDays'>;

const daySeconds = 24 * 60 * 60;
// The server's front end notices a new namespace when its cache is refreshed.
const usableWithinMs = 30_000;

/**
 * Makes the namespace with its retention and Perdure's search attributes where they are missing, and waits until both
 * can be used. Several processes may do this at once. An existing namespace keeps its retention. `warn` gets a line for
 * what this connection may not see or make; fails with a {@link StartError} where nothing can work without it.
 */
export async function ensureNamespace(
  connection: Connection,
  settings: NamespaceSettings,
  warn: (line: string) => void,
): Promise<void> {
  await makeNamespace(connection, settings, warn);
  await waitUntilUsable(connection, settings.namespace);
  await ensureSearchAttributes(connection, settings.namespace, warn);
}

async function makeNamespace(
  connection: Connection,
  { namespace, retentionDays }: NamespaceSettings,
  warn: (line: string) => void,
): Promise<void> {
  const service = connection.workflowService;
  try {
    const { config } = await service.describeNamespace({ namespace });
    const days = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / daySeconds;
    if (days > 0 && days < retentionDays) {
      warn(
        `The namespace ${namespace} keeps closed executions for ${days} days, the settings say ${retentionDays}: ` +
          'idempotency keys hold only as long. An existing namespace is left as it is.',
      );
    }
    return;
  } catch (error) {
    if (isGrpcStatus(error, 'permissionDenied', 'unimplemented')) {
      warn(`Whether the namespace ${namespace} exists cannot be seen: ${reasonOf(error)}`);
      return;
    }
    if (!isGrpcStatus(error, 'notFound')) throw error;
  }
  try {
    await service.registerNamespace({
      namespace,
      description: 'Executions of Perdure',
      workflowExecutionRetentionPeriod: proto.google.protobuf.Duration.fromObject({
        seconds: retentionDays * daySeconds,
      }),
    });
  } catch (error) {
    if (isGrpcStatus(error, 'alreadyExists')) return;
    throw new StartError(
      `The Temporal namespace ${namespace} is missing and cannot be made: ${reasonOf(error)}\n` +
        `Make it with \`temporal operator namespace create --namespace ${namespace} --retention ${retentionDays}d\`, ` +
        'or set TEMPORAL_NAMESPACE to one that exists.',
      { cause: error },
    );
  }
}

async function waitUntilUsable(connection: Connection, namespace: string): Promise<void> {
  const end = Date.now() + usableWithinMs;
  for (;;) {
    try {
      await connection.workflowService.countWorkflowExecutions({ namespace });
      return;
    } catch (error) {
      if (!isGrpcStatus(error, 'notFound') || Date.now() > end) throw error;
      await sleep(200);
    }
  }
}
