/** What the worker knows about gRPC services that no definition says: the settings under `outgoing.grpc`. */
export interface GrpcSettings {
  /** Services that are called over TLS, as host or host:port. Those on port 443 need no entry. */
  readonly tls: readonly string[];
  /** Where `file:` URIs of proto files are read, absolute. Without it they are refused. */
  readonly protoFolder?: string;
}

/** A service as a call names it. */
export interface GrpcTarget {
  readonly host: string;
  readonly port: number;
}

const tlsPort = 443;

/** The port that is meant where a call names none. */
export const defaultGrpcPort = tlsPort;

/** Whether a service is called over TLS: the language has no word for it. */
export function usesTls({ host, port }: GrpcTarget, { tls }: GrpcSettings): boolean {
  const names = new Set([host, `${host}:${port}`].map((name) => name.toLowerCase()));
  return port === tlsPort || tls.some((entry) => names.has(entry.toLowerCase()));
}
