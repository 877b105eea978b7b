import type { Json } from '../../dsl/json.ts';
import { createHttpSender } from '../../network/http-sender.ts';
import { createRedactor } from '../secrets/redaction.ts';
import { openSecrets } from '../secrets/secrets.ts';
import { resolveAuthentication } from './authentication.ts';
import { createTokens } from './tokens.ts';

const known: Record<string, Json> = {
  login: { username: 'ann', password: 'päss' },
  token: 'tok-1',
  wrapped: { token: 'tok-2' },
};

const http = createHttpSender({ allow: [], maxRedirects: 0 });
afterAll(() => http.close());

const context = {
  redactor: createRedactor([]),
  tokens: createTokens(http),
  patience: () => ({ timeoutMs: 1_000, signal: AbortSignal.timeout(1_000) }),
  reference: '/do/0/call',
  secrets: openSecrets(
    { read: (name) => known[name] },
    ['login', 'token', 'wrapped', 'missing'],
    '/do/0/call',
  ),
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('authentication', () => {
  it.each<[string, Json, string, string]>([
    ['basic', { basic: { username: 'ann', password: 'p:w' } }, 'Basic', base64('ann:p:w')],
    ['basic with a number', { basic: { username: 'admin', password: 123 } }, 'Basic', base64('admin:123')],
    ['basic from a secret', { basic: { use: 'login' } }, 'Basic', base64('ann:päss')],
    ['bearer', { bearer: { token: 'tok' } }, 'Bearer', 'tok'],
    ['bearer from a secret that is a text', { bearer: { use: 'token' } }, 'Bearer', 'tok-1'],
    ['bearer from a secret with a token', { bearer: { use: 'wrapped' } }, 'Bearer', 'tok-2'],
  ])('resolves %s', async (_name, policy, scheme, parameter) => {
    expect(await resolveAuthentication(policy, context)).toMatchObject({ scheme, parameter });
  });

  it.each<[Json, string, number, string]>([
    [{ basic: { username: 'ann' } }, 'configuration', 400, 'needs username and password'],
    [{ basic: { username: 'a:b', password: 'c' } }, 'configuration', 400, 'must not contain a colon'],
    [{ basic: { use: 'token' } }, 'configuration', 400, 'needs an object'],
    [{ bearer: {} }, 'configuration', 400, 'needs a token'],
    [{ bearer: { use: 'missing' } }, 'authorization', 403, '"missing" has no value'],
    [{ bearer: { use: 'other' } }, 'authorization', 403, 'not listed in use.secrets'],
    [{ digest: { use: 'token' } }, 'configuration', 400, 'digest authentication needs an object'],
    [{ ntlm: {} }, 'configuration', 400, 'authentication by ntlm is not supported'],
    [{}, 'configuration', 400, 'authentication by nothing'],
  ])('refuses %j', async (policy, type, status, detail) => {
    await expect(resolveAuthentication(policy, context)).rejects.toMatchObject({
      error: {
        type: expect.stringMatching(new RegExp(`/${type}$`)),
        status,
        detail: expect.stringContaining(detail),
      },
    });
  });
});
