import { CliError, exitCodes } from './exit-codes.ts';
import type { ClientOptions } from './client.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the service is: `--url`, else PERDURE_URL, else this machine on PORT. The key is PERDURE_API_KEY. */
export function clientOptions(environment: Environment, url?: string): ClientOptions {
  const wanted = url ?? environment.PERDURE_URL ?? `http://127.0.0.1:${environment.PORT ?? '8080'}`;
  if (!URL.canParse(wanted) || !/^https?:$/.test(new URL(wanted).protocol)) {
    throw new CliError(
      exitCodes.usage,
      `The service's address must be an http or https URL, found "${wanted}"`,
    );
  }
  const apiKey = environment.PERDURE_API_KEY;
  return { url: wanted.replace(/\/+$/, ''), apiKey: apiKey === '' ? undefined : apiKey };
}
