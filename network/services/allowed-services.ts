import { isServiceUrl, parseServiceUrl } from './service-url.ts';

/**
 * The names of services in `outgoing.allow`, in lower case: `service://orders` lets definitions call it whatever
 * addresses its instances have. Throws a TypeError for an entry that names none.
 */
export function allowedServices(allow: readonly string[]): ReadonlySet<string> {
  return new Set(allow.filter(isServiceUrl).map(serviceOf));
}

function serviceOf(entry: string): string {
  try {
    const { service, rest } = parseServiceUrl(entry.trim());
    if (rest === '/') return service.toLowerCase();
  } catch {
    // Said below.
  }
  throw new TypeError(`outgoing.allow: "${entry}" is not a service: write service://name`);
}
