import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { createActivities } from '../activities/create.ts';
import { createHttpSender } from '../network/http-sender.ts';
import { createHeldSubscriptions } from '../activities/asyncapi/held-subscriptions.ts';
import { createOrderActivities } from '../activities/orders.ts';
import { openBindings } from '../activities/data/bindings.ts';
import type { Executions } from '../activities/executions.ts';
import { openProcesses } from '../activities/run/open-processes.ts';
import { folderSecrets } from '../activities/secrets/secret-files.ts';
import { environmentSecrets, firstOf } from '../activities/secrets/secrets.ts';
import type { Services } from '../backends/discovery/services.ts';
import type { EventPublisher } from '../backends/events/port.ts';
import type { Locks } from '../backends/locks/port.ts';
import type { Store } from '../backends/store/port.ts';
import type { Settings } from '../config/settings.ts';
import { sendingByName } from './service-calls.ts';

export interface ActivitySources {
  readonly settings: Settings;
  readonly store: Store;
  readonly events: EventPublisher;
  readonly locks: Locks;
  readonly executions: Executions;
  /** The services that calls name. */
  readonly services: Services;
  /** Where the worker's parts register what they count. */
  readonly registry: Registry;
  /** The project's folder, absolute. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where the services of the TypeScript workflows are, without a slash at the end. */
  readonly servicesUrl: string;
  readonly logger: Logger;
}

/** Every activity by its name, with what they hold open. */
export interface OpenActivities {
  readonly activities: object;
  close(): Promise<void>;
}

/** Opens the outside systems that the settings choose and makes the activities on them; store, events, locks and services stay the caller's. */
export async function openActivities(sources: ActivitySources): Promise<OpenActivities> {
  const { settings, store, events, locks, executions, services, registry, root, env, servicesUrl, logger } =
    sources;
  const { allow } = settings.outgoing;
  const http = sendingByName(createHttpSender(settings.outgoing), { services, allow, registry, logger });
  const held = createHeldSubscriptions();
  const bindings = openBindings(settings.bindings, { data: settings.data, root });
  const opened = openProcesses(settings.run, root);
  const { environmentPrefix, folder } = settings.secrets;
  const fromEnvironment = environmentSecrets(env, environmentPrefix);
  const secrets = folder === undefined ? fromEnvironment : firstOf(fromEnvironment, folderSecrets(folder));
  return {
    activities: {
      ...createActivities({
        store,
        events,
        secrets,
        http,
        bindings,
        locks,
        executions,
        grpc: settings.outgoing.grpc,
        processes: opened.processes,
        held,
        logger,
      }),
      ...createOrderActivities({ http, baseUrl: servicesUrl }),
    },
    close: async () => {
      await held.close();
      await Promise.all([http.close(), opened.close(), bindings.close()]);
    },
  };
}
