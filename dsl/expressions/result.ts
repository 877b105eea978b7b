import { isFinite, isNaN, keysOf } from './intrinsics.ts';
import type { Json } from '../json.ts';
import type { Run } from './runtime.ts';
import { isArray, isObject, withMember } from './values.ts';

/**
 * An output as others may have it: within the size and depth of the limits, although parts of it may stand in it many
 * times over, and without NaN and infinities, which JSON does not have (jq too prints null and the greatest number).
 */
export function checkResult(value: Json, run: Run): Json {
  if (typeof value === 'number') return finite(value);
  if (typeof value === 'string') {
    if (value.length > run.valueBytes) run.tooLarge();
    return value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const budget = { bytes: run.valueBytes };
  const isClean = measure(value, budget, run);
  return isClean ? value : cleaned(value);
}

function finite(value: number): number | null {
  if (isFinite(value)) return value;
  return isNaN(value) ? null : Math.sign(value) * Number.MAX_VALUE;
}

/** Walks a value within a budget; false when it holds numbers that are not finite. */
function measure(value: Json, budget: { bytes: number }, run: Run): boolean {
  if (typeof value === 'string') budget.bytes -= value.length + 3;
  else budget.bytes -= 3;
  if (budget.bytes < 0) run.tooLarge();
  if (typeof value === 'number') return isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  run.enter(1);
  let isClean = true;
  if (isArray(value)) {
    run.tick(value.length);
    for (const item of value) isClean = measure(item, budget, run) && isClean;
  } else {
    for (const key of keysOf(value)) {
      run.tick();
      budget.bytes -= key.length + 3;
      isClean = measure(value[key] ?? null, budget, run) && isClean;
    }
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
