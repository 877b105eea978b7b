import { createSecureContext } from 'node:tls';
import { ChannelCredentials, Client } from '@grpc/grpc-js';
import type { AddressGuard } from '../../network/address-guard.ts';
import { HttpSendError } from '../../network/http-send-error.ts';
import { resolvePermitted } from '../../network/permitted-addresses.ts';
import { runtimeVersion } from '../../workflows/contract.ts';
import { waitFor } from '../patience.ts';
import type { Patience } from '../patience.ts';
import type { GrpcTarget } from './grpc-settings.ts';

export interface GrpcClientOptions {
  readonly guard: AddressGuard;
  readonly tls: boolean;
  readonly patience: Patience;
  /** Of one message that comes back. */
  readonly maxMessageBytes: number;
}

/**
 * A client for one call. The name is resolved here and the client is given nothing but addresses that the guard lets
 * through, so that it has no name left to resolve by itself; the server is still told the name, and has to prove it.
 * Rejects as `resolvePermitted` does.
 */
export async function openGrpcClient(
  target: GrpcTarget,
  { guard, tls, patience, maxMessageBytes }: GrpcClientOptions,
): Promise<Client> {
  const { host, port } = target;
  const late = (): Error => new HttpSendError('timeout', `${host} was not resolved in time`);
  const [first, ...others] = await waitFor(resolvePermitted(guard, target), patience, late);
  if (first === undefined) throw new HttpSendError('unreachable', `${host} has no address`);
  const family = first.family === 6 ? 'ipv6' : 'ipv4';
  const addresses = [first, ...others]
    .filter((other) => other.family === first.family)
    .map(({ address }) => (first.family === 6 ? `[${address}]:${port}` : `${address}:${port}`));
  const credentials = tls
    ? // Node's own authorities, as for https: grpc-js would look for others in its environment.
      ChannelCredentials.createFromSecureContext(createSecureContext())
    : ChannelCredentials.createInsecure();
  return new Client(`${family}:${addresses.join(',')}`, credentials, {
    'grpc.default_authority': `${host}:${port}`,
    ...(tls ? { 'grpc.ssl_target_name_override': host } : {}),
    'grpc.primary_user_agent': `perdure/${runtimeVersion}`,
    'grpc.max_receive_message_length': maxMessageBytes,
    // A proxy would connect to addresses of its own choice, and a service configuration could repeat calls.
    'grpc.enable_http_proxy': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_retries': 0,
    'grpc.enable_channelz': 0,
    // Else connections outlive their client in a pool that all clients share.
    'grpc.use_local_subchannel_pool': 1,
  });
}
