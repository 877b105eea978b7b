import { randomBytes } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import type { Discovery, Registered } from '../backends/discovery/port.ts';
import type { Settings } from '../config/settings.ts';
import { runtimeVersion } from '../workflows/contract.ts';

/** What a process does for the service, and how it tells that it can. */
export interface Role {
  readonly role: 'api' | 'worker' | 'bridge';
  readonly checkHealth: () => Promise<void>;
}

export interface ProcessRegistration {
  readonly settings: Settings;
  readonly discovery: Discovery;
  readonly roles: readonly Role[];
  /** Where the process listens: the API, or else health and metrics. */
  readonly listening: { readonly host: string; readonly port: number };
  readonly warn: (line: string) => void;
}

/**
 * Registers each role of this process by its name, such as `perdure-api`, in the background. Empty where discovery
 * registers nothing.
 */
export function registerProcess(registration: ProcessRegistration): ReadonlyMap<string, Registered> {
  const { settings, discovery, roles, listening, warn } = registration;
  const registered = new Map<string, Registered>();
  if (discovery.register === undefined) return registered;
  const { service: prefix, ttlMs, ...advertised } = settings.discovery;
  const host = advertised.host ?? reachableHost(listening.host);
  const port = advertised.port === 0 ? listening.port : advertised.port;
  if (isLoopback(host)) {
    warn(
      `Registered as ${host}, which only this machine reaches; let the API listen elsewhere (HOST, PERDURE_API_KEYS), or set discovery.host (PERDURE_DISCOVERY_HOST)`,
    );
  }
  const written = host.includes(':') ? `[${host}]` : host;
  // A process that starts again is another instance: nothing that is known of the one before holds for it.
  const id = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;
  const { namespace, taskQueue } = settings.temporal;
  for (const { role, checkHealth } of roles) {
    const service = `${prefix}-${role}`;
    const health = `http://${written}:${port}/readyz`;
    const metadata = { role, version: runtimeVersion, namespace, taskQueue, health };
    const instance = { id, host, port, metadata };
    registered.set(service, discovery.register({ service, instance, ttlMs, checkHealth }));
  }
  return registered;
}

/** Where others reach what listens on every address: the first one of this machine that is not its loopback. */
function reachableHost(bound: string): string {
  if (bound !== '0.0.0.0' && bound !== '::') return bound;
  const addresses = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  const external = addresses.filter(({ internal }) => !internal);
  const v4 = external.find(({ family }) => family === 'IPv4');
  return (v4 ?? external[0])?.address ?? '127.0.0.1';
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i.test(host);
}
