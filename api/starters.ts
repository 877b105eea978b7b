import type { EventRouting } from '../backends/events/routing.ts';
import type { Definitions } from '../backends/store/definitions.ts';
import { isTimed } from '../temporal/schedules.ts';
import type { TemporalSchedules } from '../temporal/schedules.ts';

/** What starts executions of a definition without a request: events and time. */
export interface Starters {
  readonly routing: Pick<EventRouting, 'definitionChanged'>;
  readonly schedules: Pick<TemporalSchedules, 'put' | 'remove'>;
  readonly definitions: Pick<Definitions, 'get' | 'versions'>;
}

/**
 * Brings the triggers and the schedule of a name in line with its latest version: to be called after each deploy and
 * removal of a version, safe to repeat. Where no version of the name can have had a schedule Temporal is not asked.
 */
export async function startersChanged(
  { routing, schedules, definitions }: Starters,
  namespace: string,
  name: string,
): Promise<void> {
  await routing.definitionChanged(namespace, name);
  const latest = (await definitions.get(namespace, name, 'latest'))?.definition;
  if (latest !== undefined && isTimed(latest)) return await schedules.put(latest);
  const { versions } = await definitions.versions(namespace, name, { limit: 2 });
  if (versions.length !== 1) await schedules.remove(`${namespace}/${name}`);
}
