import { isDeepStrictEqual } from 'node:util';
import type { ExpectedCall, Outcome } from './outcomes.ts';
import type { Call } from './stand-ins/site.ts';

/** Stands in outcomes for the token that the authority gave out last. */
const issuedToken = 'issued-token';

/** The calls of an outcome that the stand-ins did not see, and those that they saw beyond it. */
export function missingCalls(
  { calls, ordered = false }: Outcome,
  seen: readonly Call[],
  issuedTokens: readonly string[],
): string[] {
  if (calls === undefined) return [];
  const list = `; seen: ${seen.map(({ request }) => request).join(', ') || 'none'}`;
  if (seen.length !== calls.length) return [`${seen.length} calls, expected ${calls.length}${list}`];
  const left = [...seen];
  return calls.flatMap((expected) => {
    const index = ordered ? 0 : left.findIndex((call) => isCall(call, expected, issuedTokens));
    const [found] = index < 0 ? [] : left.splice(index, 1);
    if (found !== undefined && isCall(found, expected, issuedTokens)) return [];
    return [`no call ${JSON.stringify(expected)}${list} ${seen.map(({ body }) => body).join(' ')}`];
  });
}

/** The messages of an outcome that nobody sent to the broker over HTTP. */
export function missingMessages({ publishes = [] }: Outcome, seen: readonly Call[]): string[] {
  return publishes.flatMap(({ channel, payload, headers }) => {
    const expected: ExpectedCall = { request: `POST broker.fake.com/${channel}`, headers, body: payload };
    return seen.some((call) => isCall(call, expected, [])) ? [] : [`no message ${JSON.stringify(expected)}`];
  });
}

function isCall(call: Call, expected: ExpectedCall, issuedTokens: readonly string[]): boolean {
  const token = issuedTokens.at(-1) ?? issuedToken;
  const form = new URLSearchParams(call.body);
  return (
    call.request === expected.request &&
    Object.entries(expected.headers ?? {}).every(
      ([name, value]) => call.headers[name] === value.replace(issuedToken, token),
    ) &&
    Object.entries(expected.form ?? {}).every(([name, value]) => form.get(name) === value) &&
    (expected.body === undefined || isDeepStrictEqual(jsonOf(call.body), expected.body))
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
