import type { Json } from '../../dsl/json.ts';

// Roughly a kilobyte of JSON.
const maxCost = 1_024;

/** Whether a value is there and is so small that the status may tell it. Looks at no more of it than that takes. */
export function smallEnough(value: Json | undefined): value is Json {
  return value !== undefined && left(value, maxCost) >= 0;
}

/** What is left of a budget after a value; less than nothing where it does not last. */
function left(value: Json, budget: number): number {
  if (typeof value === 'string') return budget - value.length - 2;
  if (typeof value !== 'object' || value === null) return budget - 8;
  let rest = budget - 2;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) {
      rest = left(item, rest - 1);
      if (rest < 0) return rest;
    }
    return rest;
  }
  for (const [key, member] of Object.entries(value)) {
    rest = left(member, rest - key.length - 4);
    if (rest < 0) return rest;
  }
  return rest;
}
