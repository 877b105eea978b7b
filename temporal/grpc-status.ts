import { isGrpcServiceError } from '@temporalio/client';

/** The gRPC status codes that Perdure tells apart. */
const grpcStatus = {
  invalidArgument: 3,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  unimplemented: 12,
  unavailable: 14,
} as const;

/** True when the server answered with one of these status codes, also where the SDK's client wrapped the answer. */
export function isGrpcStatus(error: unknown, ...names: readonly (keyof typeof grpcStatus)[]): boolean {
  if (!isGrpcServiceError(error))
    return error instanceof Error && error.cause !== undefined && isGrpcStatus(error.cause, ...names);
  const code: number = error.code;
  return names.some((name) => grpcStatus[name] === code);
}
