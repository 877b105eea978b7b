import type { Logger } from 'pino';
import { openDiscovery } from '../backends/discovery/open.ts';
import type { Discovery, Report } from '../backends/discovery/port.ts';
import type { DiscoverySettings } from '../config/settings.ts';
import { StartError } from '../temporal/start-error.ts';

/** Where discovery says what a person should know: with an error it is a warning. */
export function discoveryReport(logger: Logger): Report {
  const log = logger.child({ part: 'discovery' });
  return (message, error) => {
    if (error === undefined) log.info(message);
    else log.warn({ reason: error }, message);
  };
}

/** Opens the registry of services, which may be away. Fails with a {@link StartError} for a URL that does not fit. */
export async function openRegistry(settings: DiscoverySettings, logger: Logger): Promise<Discovery> {
  try {
    return await openDiscovery({ ...settings, report: discoveryReport(logger) });
  } catch (error) {
    throw error instanceof TypeError ? new StartError(error.message) : error;
  }
}
