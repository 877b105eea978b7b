import { HttpSendError } from '../http-send-error.ts';
import { cutOff } from '../http-url.ts';

/** `service://orders/v1/items?page=2`, taken apart. */
export interface ServiceUrl {
  readonly service: string;
  /** Whether its instances are called over TLS: `service+https://`. */
  readonly secure: boolean;
  /** What follows the name, as it is written: `/v1/items?page=2`. */
  readonly rest: string;
}

const beginning = /^service(?:\+https)?:/i;
const form = /^service(\+https)?:\/\/([A-Za-z\d](?:[\w.-]{0,126}[A-Za-z\d])?)([/?][^#]*)?(?:#.*)?$/i;

/** Whether a URL names a service instead of a host. */
export function isServiceUrl(text: string): boolean {
  return beginning.test(text);
}

/**
 * Takes the URL of a service apart. Throws an `invalid-request` where it has a port, credentials or no name: these are
 * the registry's, or there are none.
 */
export function parseServiceUrl(text: string): ServiceUrl {
  const [whole, tls, service, rest = ''] = form.exec(text) ?? [];
  if (whole === undefined || service === undefined) {
    const shown = cutOff((text.split('?')[0] ?? '').replace(/\/\/[^/]*@/, '//***@'), 200);
    const message = `"${shown}" does not name a service: expected service://name/path or service+https://name/path, with a name of letters, digits, ".", "_" and "-", and no port`;
    throw new HttpSendError('invalid-request', message);
  }
  return { service, secure: tls !== undefined, rest: rest.startsWith('/') ? rest : `/${rest}` };
}
