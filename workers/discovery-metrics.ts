import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Registered } from '../backends/discovery/port.ts';
import type { Services } from '../backends/discovery/services.ts';
import type { ServiceCallMetrics } from '../network/services/service-sender.ts';

/** Registers what is counted of calls by name, and of what this process knows of the services that it calls. */
export function createServiceMetrics(registry: Registry, services: Services): ServiceCallMetrics {
  const registers = [registry];
  const counter = (name: string, help: string, ...more: string[]): Counter =>
    new Counter({ name: `perdure_service_${name}`, help, labelNames: ['service', ...more], registers });
  const calls = counter('calls_total', 'Requests to instances of a service, by how they ended', 'outcome');
  const repeats = counter('repeats_total', 'Of these, those sent after another instance had failed');
  const ejections = counter('ejections_total', 'Instances that got no calls for a while');
  new Gauge({
    name: 'perdure_service_instances',
    help: 'Healthy instances of the services that this process calls, as far as it knows',
    labelNames: ['service'],
    registers,
    collect() {
      this.reset();
      for (const { service, instances } of services.known()) this.set({ service }, instances);
    },
  });
  new Gauge({
    name: 'perdure_service_stale',
    help: '1 while the registry does not answer and what it said last is used',
    labelNames: ['service'],
    registers,
    collect() {
      this.reset();
      for (const { service, isStale } of services.known()) this.set({ service }, isStale ? 1 : 0);
    },
  });
  return {
    called: (service, outcome) => calls.inc({ service, outcome }),
    repeated: (service) => repeats.inc({ service }),
    ejected: (service) => ejections.inc({ service }),
  };
}

/** Registers whether the registry has this process, by the names that it registers under. */
export function countRegistrations(registry: Registry, registered: ReadonlyMap<string, Registered>): void {
  if (registered.size === 0) return;
  new Gauge({
    name: 'perdure_discovery_registered',
    help: '1 while the registry has this process as healthy, else 0',
    labelNames: ['service'],
    registers: [registry],
    collect() {
      for (const [service, one] of registered) this.set({ service }, one.isListed() ? 1 : 0);
    },
  });
}
