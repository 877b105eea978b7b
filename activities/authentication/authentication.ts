import { createHash } from 'node:crypto';
import { standardFault } from '../../dsl/errors.ts';
import { canonicalJson, isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { Patience } from '../patience.ts';
import type { Redactor } from '../secrets/redaction.ts';
import type { Authorization } from './authorization.ts';
import { digestAuthorization } from './digest.ts';
import { policyProperties, textProperty } from './policy-properties.ts';
import type { PolicyPlace } from './policy-properties.ts';
import { tokenAuthorization } from './token-authorization.ts';
import type { Tokens } from './tokens.ts';
import { usernamePassword } from './username-password.ts';

/** What resolving a policy needs of the call that it is for. */
export interface AuthenticationContext extends PolicyPlace {
  readonly redactor: Redactor;
  readonly tokens: Tokens;
  /** What is left of the call's time. */
  patience(): Patience;
}

type Resolver = (
  properties: JsonObject,
  fingerprint: string,
  context: AuthenticationContext,
) => Authorization | Promise<Authorization>;

/** The schemes of the reference ("Authentication"). */
const resolvers: Readonly<Record<string, Resolver>> = {
  basic(properties, fingerprint, { reference }) {
    const { username, password } = usernamePassword('basic', properties, reference);
    const parameter = Buffer.from(`${username}:${password}`).toString('base64');
    return { scheme: 'Basic', parameter, fingerprint };
  },
  bearer(properties, fingerprint, { reference }) {
    const token = textProperty(properties.token);
    if (token === undefined || token === '') {
      throw standardFault('configuration', reference, 'bearer authentication needs a token');
    }
    return { scheme: 'Bearer', parameter: token, fingerprint };
  },
  digest: (properties, fingerprint, { reference, redactor }) =>
    digestAuthorization(usernamePassword('digest', properties, reference), fingerprint, redactor),
  oauth2: (properties, fingerprint, context) =>
    tokenAuthorization('oauth2', properties, fingerprint, context),
  oidc: (properties, fingerprint, context) => tokenAuthorization('oidc', properties, fingerprint, context),
};

/**
 * The authorization that an authentication policy asks for ("Authentication" in the reference), its properties written
 * out or from a secret; the engine has put reusable policies in the place of their names. Faults with `configuration`
 * where the policy cannot be used, with `authorization` where its secret is missing, and as `tokenAuthorization` does.
 */
export async function resolveAuthentication(
  policy: Json,
  context: AuthenticationContext,
): Promise<Authorization> {
  const fault = (detail: string): Error => standardFault('configuration', context.reference, detail);
  if (!isJsonObject(policy)) throw fault('authentication must be an object');
  for (const [scheme, resolve] of Object.entries(resolvers)) {
    const written = Object.hasOwn(policy, scheme) ? policy[scheme] : undefined;
    if (written === undefined) continue;
    const properties = policyProperties(scheme, written, context);
    return resolve(properties, fingerprintOf(scheme, properties), context);
  }
  throw fault(`authentication by ${Object.keys(policy).join(', ') || 'nothing'} is not supported`);
}

function fingerprintOf(scheme: string, properties: JsonObject): string {
  return createHash('sha256')
    .update(canonicalJson([scheme, properties]))
    .digest('base64url');
}
