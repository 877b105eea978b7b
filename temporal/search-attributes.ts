import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { searchAttributes } from '../workflows/contract.ts';
import { isGrpcStatus } from './grpc-status.ts';
import { reasonOf, StartError } from './start-error.ts';

const names: readonly string[] = Object.values(searchAttributes);
const keyword = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
const knownWithinMs = 30_000;

/**
 * Registers Perdure's search attributes in the namespace where they are missing, and waits until the server knows them:
 * a start that uses an unknown one is refused. Where this connection may not register, `warn` gets the command that an
 * operator runs. Fails with a {@link StartError} when one exists with another type.
 */
export async function ensureSearchAttributes(
  connection: Connection,
  namespace: string,
  warn: (line: string) => void,
): Promise<void> {
  if (await areKnown(connection, namespace)) return;
  try {
    await register(connection, namespace);
  } catch (error) {
    if (error instanceof StartError) throw error;
    // Another process may have registered them in the meantime: only the server's answer below counts.
    if (!isGrpcStatus(error, 'alreadyExists', 'invalidArgument')) {
      warn(byHand(namespace, reasonOf(error)));
      return;
    }
  }
  for (const end = Date.now() + knownWithinMs; Date.now() < end; await sleep(200)) {
    if (await areKnown(connection, namespace)) return;
  }
  warn(byHand(namespace, 'the server does not know them yet'));
}

/** Asks with a query that names them all, for which no operator's right is needed. */
async function areKnown(connection: Connection, namespace: string): Promise<boolean> {
  const query = names.map((name) => `${name} = 'none'`).join(' AND ');
  try {
    await connection.workflowService.countWorkflowExecutions({ namespace, query });
    return true;
  } catch (error) {
    if (isGrpcStatus(error, 'invalidArgument')) return false;
    throw error;
  }
}

async function register(connection: Connection, namespace: string): Promise<void> {
  const service = connection.operatorService;
  const { customAttributes } = await service.listSearchAttributes({ namespace });
  const wrong = names.find((name) => (customAttributes[name] ?? keyword) !== keyword);
  if (wrong !== undefined) {
    throw new StartError(
      `The search attribute ${wrong} of the namespace ${namespace} exists with a type other than Keyword. ` +
        'Remove it, or set TEMPORAL_NAMESPACE to another namespace.',
    );
  }
  const missing = names.filter((name) => customAttributes[name] === undefined);
  if (missing.length === 0) return;
  await service.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
  });
}

function byHand(namespace: string, reason: string): string {
  const flags = names.map((name) => `--name ${name} --type Keyword`).join(' ');
  return (
    `Search attributes are missing, and without them no execution of a definition starts: ${reason}. ` +
    `Register them: temporal operator search-attribute create --namespace ${namespace} ${flags}`
  );
}
