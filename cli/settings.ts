import { CliError, exitCodes } from './exit-codes.ts';
import type { ClientOptions } from './client.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where the service is: `--url`, else PERDURE_URL, else this machine on PORT. The key is PERDURE_API_KEY. A variable
 * that is empty counts as unset.
 */
export function clientOptions(environment: Environment, url?: string): ClientOptions {
  const [service, port, apiKey] = ['PERDURE_URL', 'PORT', 'PERDURE_API_KEY'].map(
    (name) => environment[name] || undefined,
  );
  const wanted = url ?? service ?? `http://127.0.0.1:${port ?? '8080'}`;
  if (!URL.canParse(wanted) || !/^https?:$/.test(new URL(wanted).protocol)) {
    throw new CliError(
      exitCodes.usage,
      `The service's address must be an http or https URL, found "${wanted}"`,
    );
  }
  return { url: wanted.replace(/\/+$/, ''), apiKey };
}
