import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { DiscoveryError } from '../backends/discovery/services.ts';
import type { Services } from '../backends/discovery/services.ts';
import { HttpSendError } from '../network/http-send-error.ts';
import type { HttpSender } from '../network/http-sender.ts';
import { allowedServices } from '../network/services/allowed-services.ts';
import { createServiceSender } from '../network/services/service-sender.ts';
import { createServiceMetrics } from './discovery-metrics.ts';

export interface ServiceCallParts {
  readonly services: Services;
  /** `outgoing.allow`. */
  readonly allow: readonly string[];
  readonly registry: Registry;
  readonly logger: Logger;
}

/** The sender of a worker's calls, which also takes the names of services. Closes `http` with it, and not `services`. */
export function sendingByName(http: HttpSender, parts: ServiceCallParts): HttpSender {
  const { services, allow, registry, logger } = parts;
  return createServiceSender(http, {
    directory: {
      instances: (service, patience) =>
        services.instances(service, patience).catch((error: unknown) => {
          if (!(error instanceof DiscoveryError)) throw error;
          throw new HttpSendError('unreachable', error.message, { cause: error });
        }),
    },
    allowed: allowedServices(allow),
    metrics: createServiceMetrics(registry, services),
    ejected: (service, instance, milliseconds) =>
      logger.warn({ service, instance, milliseconds }, 'an instance failed and gets no calls for a while'),
  });
}
