import { faultOf, openCalls } from '../activities/calls-under-test.ts';
import type { CallsUnderTest } from '../activities/calls-under-test.ts';
import { answerJson, startPartner } from '../activities/partner-under-test.ts';
import type { Partner } from '../activities/partner-under-test.ts';

describe('the outgoing address guard', () => {
  /** Listens on every address of this machine, and must never be reached. */
  let canary: Partner;
  let partner: Partner;
  let calls: CallsUnderTest;

  beforeAll(async () => {
    canary = await startPartner((_request, response) => answerJson(response, 200, 'reached'), '::');
    partner = await startPartner((request, response) => {
      response.writeHead(302, { location: `http://${decodeURIComponent(request.url.slice(1))}/` }).end();
    });
    calls = await openCalls([partner.host]);
  });
  afterAll(async () => {
    await calls.close();
    await partner.close();
    await canary.close();
  });

  const hosts = [
    '127.0.0.1',
    '127.1',
    '127.0.0.1.',
    '127.8.8.8',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '１２７.０.０.１',
    '0.0.0.0',
    '0',
    'localhost',
    'LOCALHOST',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
  ];

  it.each(hosts)('refuses a call of %s', async (host) => {
    const error = await faultOf(calls.http({ method: 'get', endpoint: `http://${host}:${canary.port}/` }));
    expect(error).toMatchObject({
      type: expect.stringMatching(/\/authorization$/),
      status: 403,
      title: 'Forbidden Address',
      instance: '/do/0/call',
      detail: expect.stringMatching(/^forbidden-address: .*outgoing\.allow.*PERDURE_OUTGOING_ALLOW/),
    });
    expect(error.detail).toContain(`:${canary.port}`);
    expect(canary.seen).toEqual([]);
  });

  // A header cannot hold the full-width form.
  it.each(hosts.filter((host) => /^[ -~]+$/.test(host)))('refuses a redirect to %s', async (host) => {
    const target = encodeURIComponent(`${host}:${canary.port}`);
    const call = calls.http({ method: 'get', endpoint: `${partner.origin}/${target}`, redirect: true });
    expect(await faultOf(call)).toMatchObject({ status: 403, title: 'Forbidden Address' });
    expect(canary.seen).toEqual([]);
  });

  it('refuses an OpenAPI document on a forbidden address', async () => {
    const document = { endpoint: `http://localhost:${canary.port}/openapi.json` };
    expect(await faultOf(calls.openapi({ document, operationId: 'op' }))).toMatchObject({ status: 403 });
    expect(canary.seen).toEqual([]);
  });

  it('lets a call through that the operator allows, by name and by address', async () => {
    for (const [allow, host] of [
      ['localhost', 'localhost'],
      [`LOCALHOST:${canary.port}`, 'localhost'],
      ['127.0.0.1', 'localhost'],
      [`[::1]:${canary.port}`, '[::1]'],
    ] as const) {
      const allowed = await openCalls([allow]);
      expect(await allowed.http({ method: 'get', endpoint: `http://${host}:${canary.port}/` })).toBe(
        'reached',
      );
      await allowed.close();
    }
  });
});
