import type { SqlAnswer } from '../../backends/sql/port.ts';
import { standardFault } from '../../dsl/errors.ts';
import type { Json } from '../../dsl/json.ts';
import { statementKind, statementWords } from '../../dsl/sql-statement.ts';
import type { SqlArguments } from '../../dsl/types.ts';
import { orList } from '../../dsl/wording.ts';
import type { CallRequest } from '../../workflows/contract.ts';
import { withinSize } from '../output-size.ts';
import type { Bindings } from './bindings.ts';
import { dataFault, readOnlyFault } from './data-fault.ts';

/** The function `sql.query` of the default catalog, whose schema has checked the arguments. */
export async function queryDatabase(
  request: CallRequest<SqlArguments>,
  bindings: Bindings,
  signal: AbortSignal,
): Promise<Json> {
  const { reference, idempotencyKey, maxResponseBytes } = request;
  const { binding: name, statement, parameters, access } = request.with;
  const binding = bindings.named(name, reference);
  const { settings } = binding;
  if (access === 'write' && settings.access === 'read') throw readOnlyFault(binding, reference);
  // Both are checked at deploy, too.
  const kind = statementKind(statement);
  if (kind === undefined) {
    const detail = `expected one statement that begins with ${orList(statementWords)}`;
    throw standardFault('configuration', reference, detail);
  }
  if (kind === 'write' && access === 'read') {
    throw standardFault('authorization', reference, 'the statement writes and its access is read');
  }
  const asked = {
    statement,
    parameters,
    maxRows: settings.rows,
    maxBytes: Math.min(settings.bytes, maxResponseBytes),
    timeoutMs: Math.min(settings.timeoutMs, request.timeoutMs),
    signal,
  };
  let answer: SqlAnswer;
  try {
    const database = await binding.sql();
    answer = access === 'write' ? await database.write(asked, idempotencyKey) : await database.read(asked);
  } catch (error) {
    signal.throwIfAborted();
    throw dataFault(error, binding, reference);
  }
  return withinSize({ ...answer }, 'the answer of the database', reference, maxResponseBytes);
}
