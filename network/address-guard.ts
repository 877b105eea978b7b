import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { isServiceUrl } from './services/service-url.ts';

/** Where a request wants to go: the URL's host as it is written there, without brackets, and the port. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

/** Decides which addresses definitions may reach. The shipped answer is: public ones, and what the operator allows. */
export interface AddressGuard {
  /** Undefined when a connection to `address` may be made; otherwise the range that forbids it, in words. */
  refusal(destination: Destination, address: string): string | undefined;
  /** Every address of a host, asked for once: nobody else resolves it again. Rejects where there is none. */
  resolve(host: string): Promise<readonly LookupAddress[]>;
}

/**
 * Public addresses that are no partner's: the cloud's own services answer there to any machine inside it.
 * 168.63.129.16 is Azure's; the others' metadata services are in link-local, unique local or shared ranges.
 */
const metadataAddresses = new Set(['168.63.129.16']);

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
const nat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * The special range that an IP address is in, or undefined for a public one. An IPv4 address inside an IPv6 one
 * (mapped, NAT64) is judged as itself; 6to4 and Teredo are refused whole. What cannot be parsed is not public.
 */
export function specialRange(text: string): string | undefined {
  if (!ipaddr.isValid(text)) return 'not an IP address';
  const address = embeddedIpv4(ipaddr.process(text));
  if (metadataAddresses.has(address.toString())) return 'metadata';
  const range = address.range();
  if (range !== 'unicast') return range;
  // ipaddr.js calls everything without a name of its own unicast, the deprecated `::127.0.0.1` included.
  if (address instanceof ipaddr.IPv6 && !address.match(globalUnicast)) return 'not global';
  return undefined;
}

function embeddedIpv4(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address instanceof ipaddr.IPv6 && address.match(nat64)) {
    return new ipaddr.IPv4(address.toByteArray().slice(12));
  }
  return address;
}

interface AllowEntry {
  readonly host: string;
  readonly port?: number;
}

/**
 * A guard that refuses every special range except what `allow` names: `host`, `host:port`, `1.2.3.4`, `[::1]:8080`.
 * Entries that name services are the service sender's. A host is compared with the one in the URL, an address with the one that is connected to. Throws a TypeError that
 * names the entry when one is neither.
 */
export function createAddressGuard(allow: readonly string[]): AddressGuard {
  const entries = allow.filter((entry) => !isServiceUrl(entry)).map(parseAllowEntry);
  return {
    resolve: (host) => lookup(host, { all: true }),
    refusal(destination, address) {
      const names = new Set([canonicalHost(destination.host), canonicalHost(address)]);
      const allowed = entries.some(
        ({ host, port }) => names.has(host) && (port === undefined || port === destination.port),
      );
      return allowed ? undefined : specialRange(address);
    },
  };
}

const entryForm = /^(?:\[(?<bracketed>[^\]]+)\]|(?<plain>[^:/?#@\\]+))(?::(?<port>\d{1,5}))?$/;

function parseAllowEntry(entry: string): AllowEntry {
  const text = entry.trim();
  if (ipaddr.IPv6.isValid(text)) return { host: canonicalHost(text) };
  const { bracketed, plain, port } = entryForm.exec(text)?.groups ?? {};
  const host = bracketed === undefined ? plain : `[${bracketed}]`;
  if (host === undefined || !URL.canParse(`http://${host}/`) || Number(port ?? 0) > 65_535) {
    throw new TypeError(`outgoing.allow: "${entry}" is not a host, host:port or IP address`);
  }
  return { host: canonicalHost(new URL(`http://${host}/`).hostname), port: port ? Number(port) : undefined };
}

/** One spelling for each host: lower case, no brackets, no final dot; addresses as ipaddr.js writes them. */
function canonicalHost(host: string): string {
  const name = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  return ipaddr.isValid(name) ? ipaddr.process(name).toString() : name;
}
