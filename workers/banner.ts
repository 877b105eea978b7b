import { runtimeVersion } from '../workflows/contract.ts';

export interface BannerFacts {
  readonly apiUrl?: string;
  readonly healthUrl?: string;
  readonly temporalUiUrl?: string;
  readonly namespace: string;
  readonly data: string;
  readonly seconds: number;
}

/** Where everything is, by the name under which it is shown. */
export function places(facts: BannerFacts): Readonly<Record<string, string>> {
  const { apiUrl, healthUrl, temporalUiUrl, namespace, data } = facts;
  return {
    ...(apiUrl === undefined ? {} : { API: apiUrl, Docs: `${apiUrl}/docs` }),
    ...(healthUrl === undefined ? {} : { Health: `${healthUrl}/readyz` }),
    ...(temporalUiUrl === undefined
      ? {}
      : { 'Temporal UI': `${temporalUiUrl.replace(/\/$/, '')}/namespaces/${namespace}/workflows` }),
    Data: data,
  };
}

/** What a person at a terminal reads once the service is ready. */
export function banner(facts: BannerFacts): string {
  const lines = Object.entries(places(facts)).map(([name, place]) => `  ${name.padEnd(12)} ${place}`);
  return [
    '',
    `Perdure ${runtimeVersion} is ready in ${facts.seconds.toFixed(1)} s`,
    '',
    ...lines,
    '',
    'Ctrl-C stops it; running executions go on at the next start.',
    '',
    '',
  ].join('\n');
}
