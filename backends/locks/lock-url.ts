import { parseRegistryUrl } from '../discovery/registry-url.ts';
import type { RegistryUrl, RegistryUrlRules } from '../discovery/registry-url.ts';

/** Takes the URL of a lock system apart, as that of a registry. Throws a TypeError that repeats no credentials. */
export function parseLocksUrl(url: string, rules: RegistryUrlRules): RegistryUrl {
  return ofLocks(() => parseRegistryUrl(url, rules));
}

/** Lets what reads a URL speak of the right setting. */
export function ofLocks<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof TypeError ? refused(error.message.replace(/^[\w.]+: /, '')) : error;
  }
}

/** The error for a URL that does not fit. */
export function refused(detail: string): TypeError {
  return new TypeError(`locks: ${detail}`);
}
