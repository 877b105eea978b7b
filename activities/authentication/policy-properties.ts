import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { CallSecrets } from '../secrets/secrets.ts';

/** Where names in an authentication policy lead. */
export interface PolicyPlace {
  readonly reference: string;
  readonly secrets: CallSecrets;
}

/**
 * The properties of a policy: those written there, or those of the secret that `use` names. A text is a bearer token.
 * Faults with `configuration` for anything else, and with `authorization` where the secret is missing.
 */
export function policyProperties(
  scheme: string,
  value: Json,
  { reference, secrets }: PolicyPlace,
): JsonObject {
  const source = isJsonObject(value) && typeof value.use === 'string' ? secrets.use(value.use) : value;
  if (isJsonObject(source)) return source;
  if (scheme === 'bearer' && typeof source === 'string') return { token: source };
  const detail = `${scheme} authentication needs an object with its properties, written out or as a secret`;
  throw standardFault('configuration', reference, detail);
}

/** A property that is a text. YAML makes a number of `password: 123`. */
export function textProperty(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
