import { isJsonObject, jsonSize, type Json } from '../../dsl/json.ts';

const maxBytes = 1_024;

/**
 * Whether a value is there and is so small that the status may tell it: at most a kilobyte of JSON. Looks at no more of it
 * than that takes.
 */
export function smallEnough(value: Json | undefined): value is Json {
  return value !== undefined && left(value, maxBytes) >= 0;
}

/** What is left of a budget after a value; less than nothing where it does not last. */
function left(value: Json, budget: number): number {
  if (budget < 0) return budget;
  if (typeof value === 'string') {
    // Each character has a byte at least.
    return value.length > budget ? -1 : budget - jsonSize(value);
  }
  if (Array.isArray(value)) {
    // The brackets, and a comma for each item but the first.
    let rest = budget - 2 + Math.min(value.length, 1);
    for (const item of value as readonly Json[]) {
      rest = left(item, rest - 1);
      if (rest < 0) return rest;
    }
    return rest;
  }
  if (!isJsonObject(value)) return budget - jsonSize(value);
  const keys = Object.keys(value);
  let rest = budget - 2 + Math.min(keys.length, 1);
  for (const key of keys) {
    rest = left(value[key] ?? null, left(key, rest) - 2);
    if (rest < 0) return rest;
  }
  return rest;
}
