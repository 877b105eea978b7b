import { standardFault } from '../../dsl/errors.ts';
import type { JsonObject } from '../../dsl/json.ts';
import { HttpSendError } from '../../network/http-send-error.ts';
import { sendFault } from '../http/send-fault.ts';
import { waitFor } from '../patience.ts';
import type { Authorization } from './authorization.ts';
import type { AuthenticationContext } from './authentication.ts';
import { TokenError } from './token-error.ts';
import { policyCredentials, readTokenPolicy } from './token-policy.ts';
import type { TokenPolicy } from './token-policy.ts';
import type { Token } from './token.ts';

/**
 * A token of the authority that an `oauth2` or `oidc` policy names. After a 401 it is got anew, once. Faults with
 * `configuration` for a policy that cannot work, `authentication` or `authorization` where the authority refuses, and
 * as a call does where it cannot be reached.
 */
export async function tokenAuthorization(
  kind: TokenPolicy['kind'],
  properties: JsonObject,
  fingerprint: string,
  context: AuthenticationContext,
): Promise<Authorization> {
  const { reference, redactor, tokens } = context;
  const wait = async (work: () => Promise<Token>): Promise<Token> => {
    const patience = context.patience();
    const late = (): Error =>
      new HttpSendError('timeout', `the authority gave no token within ${patience.timeoutMs} ms`);
    const token = await waitFor(work(), patience, late).catch((error: unknown) => {
      throw tokenFault(error, reference);
    });
    for (const credential of token.credentials) redactor.learn(credential);
    return token;
  };

  const policy = orFault(reference, () => readTokenPolicy(kind, properties));
  for (const credential of policyCredentials(policy)) redactor.learn(credential);
  const token = await wait(() => tokens.get(policy, fingerprint));
  const bearer = { scheme: 'Bearer', fingerprint };
  return {
    ...bearer,
    parameter: token.accessToken,
    afterRefusal: async () => {
      const renewed = await wait(() => tokens.renew(policy, fingerprint, token));
      return { ...bearer, parameter: renewed.accessToken };
    },
  };
}

function orFault<Result>(reference: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw tokenFault(error, reference);
  }
}

function tokenFault(error: unknown, reference: string): unknown {
  if (!(error instanceof TokenError)) return sendFault(error, reference);
  const { status } = error;
  return standardFault(error.error, reference, error.message, {
    ...(status === undefined ? {} : { status }),
    cause: error,
  });
}
