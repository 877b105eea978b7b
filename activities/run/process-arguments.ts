import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';

/** What every kind of process is given, after all expressions are evaluated. */
export interface ProcessArguments {
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: string;
}

/**
 * Reads `stdin`, `arguments` and `environment`. A process takes texts: other values become their JSON, so that an
 * object can be read again on the other side; null is empty, and a variable that is null is not set.
 */
export function processArguments(described: JsonObject, reference: string): ProcessArguments {
  const { arguments: list = [], environment = {}, stdin = null } = described;
  if (!Array.isArray(list)) throw standardFault('configuration', reference, 'arguments must be an array');
  if (!isJsonObject(environment))
    throw standardFault('configuration', reference, 'environment must be an object');
  const variables = Object.entries(environment).filter(([, value]) => value !== null);
  for (const [name] of variables) {
    if (/^[^=\0]+$/.test(name)) continue;
    throw standardFault('configuration', reference, `${JSON.stringify(name)} cannot name a variable`);
  }
  return {
    arguments: (list as readonly Json[]).map((value) => argumentText(value, reference)),
    environment: Object.fromEntries(variables.map(([name, value]) => [name, argumentText(value, reference)])),
    stdin: processText(stdin),
  };
}

/** The text that must stand in a member of the arguments. */
export function requiredText(described: JsonObject, name: string, reference: string): string {
  const value = described[name];
  if (typeof value === 'string' && value !== '') return value;
  throw standardFault('configuration', reference, `${name} must be a text that is not empty`);
}

/** The text of a value as a process gets it. */
function processText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The system ends arguments and variables at their first NUL. */
function argumentText(value: Json, reference: string): string {
  const text = processText(value);
  if (!text.includes('\0')) return text;
  throw standardFault('configuration', reference, 'arguments and environment cannot hold a NUL character');
}
