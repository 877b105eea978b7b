import { lookThrough } from '../../canaries/leftovers.ts';
import { createSearch, summary } from '../../canaries/search.ts';
import type { Service } from '../../service-process.ts';
import type { Outcome } from './outcomes.ts';

/** What an outcome puts into secrets that must not be seen: no ids and no addresses. */
export function secretTexts({ secrets }: Outcome): string[] {
  const texts: string[] = [];
  JSON.stringify(secrets, (key, value: unknown) => {
    if (typeof value === 'string' && /secret|password|token/.test(key)) texts.push(value);
    return value;
  });
  return texts;
}

/**
 * Searches all that the service left for these texts, and for `known`, which stands there and has to be found. Prints
 * what was searched and what was found; resolves to whether all is well.
 */
export async function searchSecrets(
  { url, temporalAddress, data, output }: Service,
  secrets: readonly string[],
  known: string,
): Promise<boolean> {
  const search = createSearch(
    [...secrets, known].map((value) => ({
      name: value === known ? known : 'a secret',
      pieces: [value],
      value,
    })),
  );
  await lookThrough(search, { namespace: 'perdure', temporalAddress, url, headers: {}, data, log: output });
  const found = search.findings.filter(({ canary }) => canary !== known);
  for (const { form, place } of found) console.log(`a secret ${form} in ${place}`);
  console.log(`${found.length} findings of ${secrets.length} secrets and tokens: ${summary(search)}`);
  const isLooking = search.findings.length > found.length;
  if (!isLooking) console.log(`the search does not even find ${known}`);
  return isLooking && found.length === 0;
}
