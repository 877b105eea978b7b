/** The table of documents: made at the first start, by whichever process comes first. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TableAddress } from './address.ts';
import { CallError } from './call-error.ts';
import type { Cluster } from './cluster.ts';
import type { Connections } from './connections.ts';
import { documentColumn, family } from './layout.ts';
import { createTable, getProcedureResult, type Method } from './methods.ts';
import type { Patience } from './patience.ts';
import type { Rows } from './rows.ts';

/** Any row will do: its region has to answer. */
const anyRow = Buffer.from('perdure');

const pollMs = 100;

/** The state of a procedure that is not over. */
const running = 1;

export interface TableParts {
  readonly address: TableAddress;
  readonly cluster: Cluster;
  readonly connections: Connections;
  readonly rows: Rows;
}

/** Makes sure that the table is there and answers. Fails with a {@link CallError}. */
export async function ensureTable(parts: TableParts, patience: Patience): Promise<void> {
  await patience.retry(async () => {
    try {
      await parts.rows.get(anyRow, documentColumn, patience);
    } catch (error) {
      if (!isException(error, 'TableNotFoundException')) throw error;
      await makeTable(parts, patience);
      // It is made before a server has its region, and where another process makes it perhaps not even that.
      throw new CallError('The new table does not answer', { retry: true, mayHaveRun: false });
    }
  });
}

/** Resolves when the table is made, or another process is about to. */
async function makeTable({ address, cluster, connections }: TableParts, patience: Patience): Promise<void> {
  async function askMaster<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
  ): Promise<Response> {
    return await patience.retry(async () => {
      const master = await cluster.activeMaster(patience);
      return await connections.to(master, method.service).call(method, request, patience.callMs());
    });
  }

  const request = {
    tableSchema: {
      tableName: { namespace: Buffer.from(address.namespace), qualifier: Buffer.from(address.table) },
      columnFamilies: [
        { name: family, attributes: [{ first: Buffer.from('VERSIONS'), second: Buffer.from('1') }] },
      ],
    },
    // By these the master knows a call that it gets again.
    nonceGroup: randomInt(1, 2 ** 47),
    nonce: randomInt(1, 2 ** 47),
  };
  try {
    const { procId } = await askMaster(createTable, request);
    let result = await askMaster(getProcedureResult, { procId });
    for (; result.state === running; result = await askMaster(getProcedureResult, { procId })) {
      await sleep(pollMs);
    }
    const failure = result.exception?.genericException;
    if (failure) {
      const exception = failure.className.slice(failure.className.lastIndexOf('.') + 1);
      throw new CallError(failure.message, { retry: false, mayHaveRun: false, exception });
    }
  } catch (error) {
    if (!isException(error, 'TableExistsException')) throw error;
  }
}

function isException(error: unknown, exception: string): boolean {
  return error instanceof CallError && error.exception === exception;
}
