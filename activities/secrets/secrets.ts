import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';

/** Where the values of secrets come from. */
export interface SecretSource {
  /** The secret's value, or undefined when there is none of this name. */
  read(name: string): Json | undefined;
}

/**
 * Secrets from environment variables: `payment-key` is read from `<prefix>PAYMENT_KEY`.
 */
export function environmentSecrets(
  environment: Readonly<Record<string, string | undefined>>,
  prefix: string,
): SecretSource {
  return {
    read: (name) => parsedSecret(environment[prefix + name.toUpperCase().replace(/[^A-Z0-9]/g, '_')]),
  };
}

/** The first source that has a secret gives it. */
export function firstOf(...sources: readonly SecretSource[]): SecretSource {
  return {
    read: (name) => {
      for (const source of sources) {
        const value = source.read(name);
        if (value !== undefined) return value;
      }
      return undefined;
    },
  };
}

/** A secret as a source holds it: a JSON object is parsed, so that a secret can have fields; empty is not there. */
export function parsedSecret(text: string | undefined): Json | undefined {
  return text === undefined || text === '' ? undefined : (parsedObject(text) ?? text);
}

function parsedObject(text: string): JsonObject | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The secrets that one call may use: those that its definition declares. */
export interface CallSecrets {
  /** `$secrets`: every declared secret that has a value. */
  readonly values: JsonObject;
  /** A secret's value. Faults with `authorization`, 403, when it is not declared or has no value ("Secret"). */
  use(name: string): Json;
}

/** Reads the declared secrets for the call of the task at `reference`. */
export function openSecrets(
  source: SecretSource,
  declared: readonly string[],
  reference: string,
): CallSecrets {
  const values = Object.fromEntries(
    declared.flatMap((name) => {
      const value = source.read(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    values,
    use: (name) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value !== undefined) return value;
      const detail = declared.includes(name)
        ? `secret "${name}" has no value: neither the worker's environment nor its folder of secrets has it`
        : `secret "${name}" is not listed in use.secrets of the definition`;
      throw standardFault('authorization', reference, detail);
    },
  };
}

/**
 * The secrets that the expressions in a value name literally: `$secrets.name`, `$secrets."name"`, `$secrets["name"]`.
 * A name that is computed is not found; such a secret is null when it is missing, like any member.
 */
export function namedSecrets(value: Json): string[] {
  if (typeof value === 'string') {
    const uses = value.matchAll(/\$secrets\s*(?:\.\s*([A-Za-z_]\w*)|(?:\.\s*)?\[?\s*"([^"\\]*)"\s*\]?)/g);
    return [...uses].map(([, identifier, quoted]) => identifier ?? quoted ?? '');
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namedSecrets) : [];
}
