import { parseRegistryUrl, readTlsFiles } from '../discovery/registry-url.ts';
import type { RegistryUrl, RegistryUrlRules, TlsFiles } from '../discovery/registry-url.ts';

/** Takes the URL of a lock system apart, as that of a registry. Throws a TypeError that repeats no credentials. */
export function parseLocksUrl(url: string, rules: RegistryUrlRules): RegistryUrl {
  try {
    return parseRegistryUrl(url, rules);
  } catch (error) {
    throw ofLocks(error);
  }
}

/** Reads the files that the URL names for TLS. Throws a TypeError where one cannot be read, or TLS is not used. */
export async function readLocksTls(url: RegistryUrl, isSecure: boolean): Promise<TlsFiles | undefined> {
  try {
    return await readTlsFiles(url, isSecure);
  } catch (error) {
    throw ofLocks(error);
  }
}

/** The error for a URL that does not fit. */
export function refused(detail: string): TypeError {
  return new TypeError(`locks: ${detail}`);
}

/** Has what reads the URLs of registries speak of the right setting. */
function ofLocks(error: unknown): unknown {
  return error instanceof TypeError ? refused(error.message.replace(/^[\w.]+: /, '')) : error;
}
