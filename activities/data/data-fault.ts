import { SqlError } from '../../backends/sql/errors.ts';
import { StoreError } from '../../backends/store/errors.ts';
import { standardFault, WorkflowFault } from '../../dsl/errors.ts';
import { quote } from '../../dsl/wording.ts';
import type { Binding } from './bindings.ts';

/** Part of what definitions may rely on. */
const conflictType = 'urn:perdure:error:conflict';

/** A write that did not find what it expected, or broke a constraint: status 409. */
export function conflictFault(detail: string, reference: string, cause?: unknown): WorkflowFault {
  const error = { type: conflictType, status: 409, title: 'Conflict', instance: reference, detail };
  return new WorkflowFault(error, { cause });
}

/** For a write in a binding that does not allow it. */
export function readOnlyFault({ name }: Binding, reference: string): WorkflowFault {
  const detail = `the binding ${quote(name)} does not allow writes (its setting access)`;
  return standardFault('authorization', reference, detail);
}

/**
 * What a data step throws for `error`: a fault for what the definition can see. A database that is away is none: it
 * passes, without the URL's password, and Temporal tries again.
 */
export function dataFault(error: unknown, { name, redactor }: Binding, reference: string): unknown {
  const shown = redactor.error(error);
  if (shown instanceof StoreError) {
    if (shown.type === 'closed' || shown.retryable) return shown;
    const type = shown.type === 'invalid' ? 'validation' : 'configuration';
    return standardFault(type, reference, `binding ${quote(name)}: ${shown.message}`, { cause: shown });
  }
  if (!(shown instanceof SqlError)) return shown;
  const detail = `binding ${quote(name)}: ${shown.message}`;
  switch (shown.type) {
    case 'unavailable':
      return shown;
    case 'conflict':
      return conflictFault(detail, reference, shown);
    case 'read-only':
      return standardFault('authorization', reference, detail, { cause: shown });
    case 'value':
      return standardFault('validation', reference, detail, { cause: shown });
    case 'late':
      return standardFault('timeout', reference, detail, { cause: shown });
    case 'invalid':
      return standardFault('configuration', reference, detail, { cause: shown });
    case 'too-large':
      return standardFault('runtime', reference, detail, {
        status: 413,
        title: 'Content Too Large',
        cause: shown,
      });
    case 'statement':
      return standardFault('runtime', reference, detail, { cause: shown });
  }
}
