import { isGrpcServiceError } from '@temporalio/client';

/** The gRPC status codes that Perdure tells apart. */
const grpcStatus = {
  invalidArgument: 3,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  unimplemented: 12,
} as const;

/** True when the server answered with one of these status codes. */
export function isGrpcStatus(error: unknown, ...names: readonly (keyof typeof grpcStatus)[]): boolean {
  if (!isGrpcServiceError(error)) return false;
  const code: number = error.code;
  return names.some((name) => grpcStatus[name] === code);
}
