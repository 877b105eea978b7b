import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '../../dsl/json.ts';
import { parsedSecret, type SecretSource } from './secrets.ts';

/**
 * Secrets from a folder, as Kubernetes and Docker mount them: `payment-key` is the file of that name, or a folder whose
 * files are its fields. A JSON object in a file is parsed; any other text is the secret itself, without the line feed
 * that editors put at its end. Files are read for each call, so that a secret that was rotated counts at once. Throws
 * what the file system says of a secret that is there and cannot be read.
 */
export function folderSecrets(folder: string): SecretSource {
  return {
    read: (name) => {
      // A name comes out of a definition: it must not lead out of the folder, nor to the mount's own `..data`.
      if (!/^[^./\\\0][^/\\\0]*$/.test(name)) return undefined;
      const path = join(folder, name);
      const found = statSync(path, { throwIfNoEntry: false });
      if (found === undefined) return undefined;
      return found.isDirectory() ? fieldsOf(path) : textOf(path);
    },
  };
}

function fieldsOf(folder: string): JsonObject | undefined {
  const fields = readdirSync(folder)
    .filter((name) => !name.startsWith('.') && statSync(join(folder, name)).isFile())
    .flatMap((name) => {
      const value = textOf(join(folder, name));
      return value === undefined ? [] : [[name, value] as const];
    });
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

function textOf(path: string): Json | undefined {
  return parsedSecret(readFileSync(path, 'utf8').replace(/\r?\n$/, ''));
}
