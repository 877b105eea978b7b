import type { Redactor } from '../secrets/redaction.ts';
import type { Authorization, Refusal } from './authorization.ts';
import { parseChallenges } from './challenges.ts';
import { digestChallenge, digestResponse, isStale } from './digest-response.ts';
import type { UsernamePassword } from './username-password.ts';

/**
 * Digest authentication (RFC 7616): the first request goes out bare, the server's challenge is answered, and once more
 * where its nonce was too old. What no longer helps is left as the 401 that it is.
 */
export function digestAuthorization(
  credentials: UsernamePassword,
  fingerprint: string,
  redactor: Redactor,
): Authorization {
  const answered = (refusal: Refusal, isRepeat: boolean): Authorization | undefined => {
    const challenge = digestChallenge(parseChallenges(refusal.challenge ?? ''));
    if (challenge === undefined || (isRepeat && !isStale(challenge))) return undefined;
    const parameter = digestResponse(challenge, credentials, refusal);
    // With it passwords could be tried offline.
    redactor.learn(parameter);
    redactor.learn(/response="([^"]*)"/.exec(parameter)?.[1] ?? parameter);
    const repeat = async (next: Refusal): Promise<Authorization | undefined> => answered(next, true);
    return { scheme: 'Digest', parameter, fingerprint, ...(isRepeat ? {} : { afterRefusal: repeat }) };
  };
  return {
    scheme: 'Digest',
    parameter: '',
    fingerprint,
    afterRefusal: async (refusal) => answered(refusal, false),
  };
}
