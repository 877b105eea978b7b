import type { Json } from '../json.ts';
import type { PathTo, Trail } from './code.ts';
import type { Run } from './runtime.ts';
import { raise, shown } from './values.ts';

/**
 * The path, or an error when the value did not come out of the input. Values are compared by identity, as jq does, so
 * that a built-in which gives back its input keeps the path.
 */
export function endOfPath(path: PathTo, value: Json, run: Run): Trail | null {
  return path === undefined ? raise(`Invalid path expression with result ${shown(value, run)}`) : path;
}

/** The path before a step to `key`. */
export function beforeAccess(path: PathTo, key: Json, value: Json, run: Run): Trail | null {
  if (path !== undefined) return path;
  return raise(
    `Invalid path expression near attempt to access element ${shown(key, run)} of ${shown(value, run)}`,
  );
}

/** The path before `[]`. */
export function beforeIterate(path: PathTo, value: Json, run: Run): Trail | null {
  if (path !== undefined) return path;
  return raise(`Invalid path expression near attempt to iterate through ${shown(value, run)}`);
}
