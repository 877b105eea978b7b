import type { ProcessRequest } from '../../workflows/contract.ts';
import { prepareCall } from '../prepare-call.ts';
import type { PreparedCall } from '../prepare-call.ts';
import type { CallEnvironment } from '../http/exchange.ts';
import type { CallSecrets } from '../secrets/secrets.ts';

/** The process with every expression evaluated. It holds secrets: it never leaves the activity. */
export function preparedProcess(
  request: ProcessRequest,
  secrets: CallSecrets,
  environment: CallEnvironment,
): Promise<PreparedCall> {
  return prepareCall(request, { secrets, environment, policies: ['/source/endpoint/authentication'] });
}
