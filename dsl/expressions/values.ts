import type { Json } from '../json.ts';

/** Adds a member to an object that is being built. `__proto__` too becomes an own property. */
export function withMember(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}
