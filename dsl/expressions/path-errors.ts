import type { Json } from '../json.ts';
import type { OffPath, PathTo, Trail } from './code.ts';
import type { Run } from './runtime.ts';
import { raise, shown } from './values.ts';

/**
 * The path after a step from one value to another that is no step of a path. Values are compared by identity, as jq
 * does, so that a built-in which gives back its input keeps the path.
 */
export function afterValue(path: PathTo, from: Json, to: Json): PathTo {
  return from === to || isOff(path) ? path : { lastPath: path, lastValue: from };
}

/** The same where a text that comes out is a new one. */
export function afterText(path: PathTo, from: Json, to: Json): PathTo {
  if (typeof to !== 'string' || isOff(path)) return afterValue(path, from, to);
  return { lastPath: path, lastValue: from };
}

function isOff(path: PathTo): path is OffPath {
  return path !== null && 'lastPath' in path;
}

/** The path, or undefined when the value is another than the one there. Numbers, booleans and null have no identity. */
function known(path: PathTo, value: Json): Trail | null | undefined {
  if (!isOff(path)) return path;
  return path.lastValue === value && typeof value !== 'string' ? path.lastPath : undefined;
}

/** Whether the value did not come out of the input. */
export function isOffPath(path: PathTo, value: Json): boolean {
  return known(path, value) === undefined;
}

/** The path, or an error when the value did not come out of the input. */
export function endOfPath(path: PathTo, value: Json, run: Run): Trail | null {
  const trail = known(path, value);
  return trail === undefined ? raise(`Invalid path expression with result ${shown(value, run)}`) : trail;
}

/** The path before a step to `key`. */
export function beforeAccess(path: PathTo, key: Json, value: Json, run: Run): Trail | null {
  const trail = known(path, value);
  if (trail !== undefined) return trail;
  return raise(
    `Invalid path expression near attempt to access element ${shown(key, run)} of ${shown(value, run)}`,
  );
}

/** The path before `[]`. */
export function beforeIterate(path: PathTo, value: Json, run: Run): Trail | null {
  const trail = known(path, value);
  if (trail !== undefined) return trail;
  return raise(`Invalid path expression near attempt to iterate through ${shown(value, run)}`);
}
