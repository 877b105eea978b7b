import { isFinite, isNaN, keysOf } from './intrinsics.ts';
import type { Json } from '../json.ts';
import { ExpressionLimitError } from './errors.ts';
import type { Run } from './runtime.ts';
import { isArray, isObject, withMember } from './values.ts';

/**
 * An output as others may have it: within the size and depth of the limits, although parts of it may stand in it many
 * times over, and without NaN and infinities, which JSON does not have (jq too prints null and the greatest number).
 */
export function checkResult(value: Json, run: Run): Json {
  if (typeof value === 'number') return finite(value);
  const limit = run.environment.limits.outputBytes;
  if (typeof value === 'string') {
    if (value.length > limit) tooLarge(limit);
    return value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const budget = { bytes: limit, limit };
  const isClean = measure(value, budget, run);
  return isClean ? value : cleaned(value);
}

function finite(value: number): number | null {
  if (isFinite(value)) return value;
  return isNaN(value) ? null : Math.sign(value) * Number.MAX_VALUE;
}

function tooLarge(limit: number): never {
  throw new ExpressionLimitError(`Expression has a result of more than ${limit} bytes`);
}

interface Budget {
  bytes: number;
  readonly limit: number;
}

/** Walks a value within a budget; false when it holds numbers that are not finite. */
function measure(value: Json, budget: Budget, run: Run): boolean {
  if (typeof value === 'string') budget.bytes -= value.length + 3;
  else budget.bytes -= 3;
  if (budget.bytes < 0) tooLarge(budget.limit);
  if (typeof value === 'number') return isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  run.enter(1);
  let isClean = true;
  if (isArray(value)) {
    // The budget of bytes bounds it, too.
    run.tickCopy(value.length);
    for (const item of value) isClean = measure(item, budget, run) && isClean;
  } else {
    let members = 0;
    // Twice as fast as Object.keys, and plain data inherits nothing that is enumerable.
    for (const key in value) {
      members++;
      budget.bytes -= key.length + 3;
      isClean = measure(value[key] ?? null, budget, run) && isClean;
    }
    run.tick(members);
  }
  run.leave(1);
  return isClean;
}

function cleaned(value: Json): Json {
  if (typeof value === 'number') return finite(value);
  if (isArray(value)) return value.map(cleaned);
  if (!isObject(value)) return value;
  const made: Record<string, Json> = {};
  for (const key of keysOf(value)) withMember(made, key, cleaned(value[key] ?? null));
  return made;
}
