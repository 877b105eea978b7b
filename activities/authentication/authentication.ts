import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { CallSecrets } from '../secrets/secrets.ts';

/** What goes into the `Authorization` header, and what expressions see as `$authorization`. */
export interface Authorization {
  readonly scheme: 'Basic' | 'Bearer';
  readonly parameter: string;
}

/** Where names in an authentication policy lead. */
export interface AuthenticationContext {
  readonly reference: string;
  readonly secrets: CallSecrets;
}

/**
 * The authorization that an authentication policy asks for ("Authentication" in the reference): basic and bearer,
 * written out or from a secret; the engine has put reusable policies in the place of their names. Faults with `configuration` where the policy cannot
 * be used, and with `authorization` where its secret is missing.
 */
export function resolveAuthentication(policy: Json, context: AuthenticationContext): Authorization {
  const fault = (detail: string): Error => standardFault('configuration', context.reference, detail);
  if (!isJsonObject(policy)) throw fault('authentication must be an object');

  if (policy.basic !== undefined) {
    const { username, password } = credentials('basic', policy.basic, context);
    const [user, secret] = [textOf(username), textOf(password)];
    if (user === undefined || secret === undefined) {
      throw fault('basic authentication needs username and password');
    }
    if (user.includes(':')) throw fault('the username of basic authentication must not contain a colon');
    return { scheme: 'Basic', parameter: Buffer.from(`${user}:${secret}`).toString('base64') };
  }
  if (policy.bearer !== undefined) {
    const token = textOf(credentials('bearer', policy.bearer, context).token);
    if (token === undefined || token === '') throw fault('bearer authentication needs a token');
    return { scheme: 'Bearer', parameter: token };
  }
  throw fault(`authentication by ${Object.keys(policy).join(', ') || 'nothing'} is not supported`);
}

/** The members of `basic` or `bearer`: its own, or those of the secret that it names. A text is a bearer token. */
function credentials(
  kind: 'basic' | 'bearer',
  value: Json,
  { reference, secrets }: AuthenticationContext,
): JsonObject {
  const source = isJsonObject(value) && typeof value.use === 'string' ? secrets.use(value.use) : value;
  if (isJsonObject(source)) return source;
  if (kind === 'bearer' && typeof source === 'string') return { token: source };
  throw standardFault(
    'configuration',
    reference,
    `${kind} authentication needs an object with its credentials`,
  );
}

// YAML makes a number of `password: 123`.
function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
