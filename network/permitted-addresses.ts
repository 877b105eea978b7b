import type { LookupAddress } from 'node:dns';
import type { AddressGuard, Destination } from './address-guard.ts';
import { HttpSendError } from './http-send-error.ts';

/**
 * Resolves a host once, to the addresses that a definition may connect to: for protocols that bring their own
 * connections, which must then go to exactly these. Rejects with an {@link HttpSendError}: `unreachable` for a name
 * without addresses, `forbidden-address` where the guard refuses them all.
 */
export async function resolvePermitted(
  guard: AddressGuard,
  destination: Destination,
): Promise<readonly LookupAddress[]> {
  const { host } = destination;
  const addresses = await guard.resolve(host).catch((error: unknown) => {
    throw new HttpSendError('unreachable', `${host} has no address`, { cause: error });
  });
  return permittedAddresses(guard, destination, addresses);
}

/** Those of the addresses of a host that may be connected to. Throws `forbidden-address` where none may. */
export function permittedAddresses(
  guard: AddressGuard,
  destination: Destination,
  addresses: readonly LookupAddress[],
): LookupAddress[] {
  const permitted = addresses.filter(({ address }) => guard.refusal(destination, address) === undefined);
  const [first] = addresses;
  if (permitted.length > 0 || first === undefined) return permitted;
  throw forbiddenAddress(destination, first.address, guard.refusal(destination, first.address) ?? 'unknown');
}

/** The error for an address that the guard refuses; it says what to do to allow it. */
export function forbiddenAddress({ host, port }: Destination, address: string, range: string): HttpSendError {
  const written = host.includes(':') ? `[${host}]` : host;
  const where = host === address ? `${written} is` : `${written} leads to ${address}, which is`;
  return new HttpSendError(
    'forbidden-address',
    `${where} not a public address (${range}); to let definitions call it, add "${written}:${port}" to ` +
      'outgoing.allow in temporal-config.yaml or to PERDURE_OUTGOING_ALLOW',
  );
}
