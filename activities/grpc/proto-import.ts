import { ProtoError } from './proto-error.ts';

/** Files that only bring options for other tools: nothing in them is sent. */
const optionFiles = new Set([
  'google/api/annotations.proto',
  'google/api/client.proto',
  'google/api/field_behavior.proto',
  'google/api/http.proto',
  'google/api/resource.proto',
  'google/protobuf/descriptor.proto',
]);

/** Whether a call needs nothing of the file. */
export function isOptionFile(name: string): boolean {
  return optionFiles.has(name);
}

/**
 * Where the file that `from` imports stands. Imports are relative to a folder that only the compiler was told; it is
 * taken to be the one that holds the first folder of the name, where that is on the path of `from`, and otherwise the
 * folder of `from`. Never leads to another server.
 */
export function importUrl(from: URL, name: string): URL {
  const parts = name.split('/');
  if (!parts.every((part) => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part))) {
    throw new ProtoError(`the import "${name}" is not a path that can be followed`);
  }
  const folders = from.pathname.split('/').slice(0, -1);
  const root = parts.length === 1 ? -1 : folders.lastIndexOf(parts[0] ?? '');
  return new URL([...folders.slice(0, root === -1 ? undefined : root), ...parts].join('/'), from);
}
