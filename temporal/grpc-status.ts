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

/** What Temporal answered where it refused a call. */
export interface GrpcAnswer {
  readonly code: number;
  readonly details: string;
}

/** Temporal's answer, also where the SDK's client wrapped it; undefined for an error that is none. */
export function grpcAnswer(error: unknown): GrpcAnswer | undefined {
  if (isGrpcServiceError(error)) return { code: error.code, details: error.details };
  return error instanceof Error && error.cause !== undefined ? grpcAnswer(error.cause) : undefined;
}

/** True when the server answered with one of these status codes. */
export function isGrpcStatus(error: unknown, ...names: readonly (keyof typeof grpcStatus)[]): boolean {
  const code = grpcAnswer(error)?.code;
  return names.some((name) => grpcStatus[name] === code);
}
