import { Metadata } from '@grpc/grpc-js';
import { standardFault } from '../../dsl/errors.ts';
import { authorizationHeader } from '../authentication/authorization.ts';
import type { Authorization } from '../authentication/authorization.ts';

/** The metadata of a call: its key, and its authorization. Faults with `configuration` where that cannot be sent. */
export function grpcMetadata(
  idempotencyKey: string,
  authorization: Authorization | undefined,
  reference: string,
): Metadata {
  if (authorization?.parameter === '') {
    const scheme = authorization.scheme.toLowerCase();
    const detail = `${scheme} authentication does not work with gRPC, whose servers give no challenge`;
    throw standardFault('configuration', reference, detail);
  }
  const metadata = new Metadata();
  metadata.set('idempotency-key', idempotencyKey);
  const header = authorizationHeader(authorization).authorization;
  if (header === undefined) return metadata;
  try {
    metadata.set('authorization', header);
  } catch {
    // The reason quotes the credentials.
    throw standardFault('configuration', reference, 'the credentials cannot be sent as gRPC metadata');
  }
  return metadata;
}
