import type { Client, Connection } from '@temporalio/client';
import type { Logger } from 'pino';
import type { EventRouting } from '../backends/events/routing.ts';
import type { Locks } from '../backends/locks/port.ts';
import type { Definitions } from '../backends/store/definitions.ts';
import type { Store } from '../backends/store/port.ts';
import type { Settings } from '../config/settings.ts';
import type { TemporalSchedules } from '../temporal/schedules.ts';
import type { ResourceSource } from '../dsl/resolve/source.ts';

/** What the API shows at `/metrics`. */
interface MetricsSource {
  readonly contentType: string;
  text(): Promise<string>;
}

/** What the API stands on. The caller owns all of it and closes it after the API. */
export interface ApiDependencies {
  readonly settings: Settings;
  readonly client: Client;
  readonly connection: Connection;
  readonly store: Store;
  readonly definitions: Definitions;
  /** The same, of which `get` goes on with what it read last while the store is away. */
  readonly remembered: Definitions;
  readonly routing: EventRouting;
  readonly schedules: TemporalSchedules;
  readonly locks: Locks;
  /** Where a deploy reads the functions and schemas that a definition names. */
  readonly resources: ResourceSource;
  readonly logger: Logger;
  readonly metrics: MetricsSource;
  /** What else the process does, by name: each check throws while that does not work. */
  readonly checks?: Readonly<Record<string, () => void>>;
  /** The project's root folder, absolute: the assets of `/docs` are found below it. */
  readonly root: string;
  /** Aborts when the API closes: calls that wait answer at once with what they have. */
  readonly closing: AbortSignal;
}
