import type { Json } from '../../dsl/json.ts';
import { standardFault } from '../../dsl/errors.ts';
import { quote } from '../../dsl/wording.ts';
import type { StoreArguments } from '../../dsl/types.ts';
import type { CallRequest } from '../../workflows/contract.ts';
import { withinSize } from '../output-size.ts';
import { waitFor } from '../patience.ts';
import type { Bindings } from './bindings.ts';
import { conflictFault, dataFault, readOnlyFault } from './data-fault.ts';
import type { Documents } from './documents.ts';

/** The store functions of the default catalog, whose schemas have checked the arguments. */
export async function accessStore(
  request: CallRequest<StoreArguments>,
  bindings: Bindings,
  signal: AbortSignal,
): Promise<Json> {
  const { reference, timeoutMs, maxResponseBytes, with: args } = request;
  const binding = bindings.named(args.binding, reference);
  const isWrite = args.operation === 'put' || args.operation === 'delete';
  if (isWrite && binding.settings.access === 'read') throw readOnlyFault(binding, reference);
  try {
    const work = binding.documents().then((documents) => operate(documents, request));
    const output = await waitFor(work, { timeoutMs, signal }, () =>
      standardFault(
        'timeout',
        reference,
        `binding ${quote(binding.name)} has not answered within ${timeoutMs} ms`,
      ),
    );
    return withinSize(output, 'what the store gave', reference, maxResponseBytes);
  } catch (error) {
    signal.throwIfAborted();
    throw dataFault(error, binding, reference);
  }
}

async function operate(
  documents: Documents,
  { reference, idempotencyKey, with: args }: CallRequest<StoreArguments>,
): Promise<Json> {
  switch (args.operation) {
    case 'get':
      return await documents.get(args.key);
    case 'put': {
      const version = await documents.put(args.key, args.value, args.expect, idempotencyKey);
      if (version === undefined) throw conflictFault(unexpected(args.key), reference);
      return { version };
    }
    case 'delete': {
      const deleted = await documents.delete(args.key, args.expect, idempotencyKey);
      if (deleted === undefined) throw conflictFault(unexpected(args.key), reference);
      return { deleted };
    }
    case 'scan': {
      const { limit, cursor, reverse } = args;
      const page = await documents.scan(args.prefix, { limit, cursor: cursor ?? undefined, reverse });
      return page as object as Json;
    }
  }
}

function unexpected(key: string): string {
  return `under ${quote(key)} there is something else than \`expect\` says`;
}
