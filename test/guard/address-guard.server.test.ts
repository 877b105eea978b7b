/** No form of a forbidden address leads anybody to a canary on this machine, and without the guard those that can do. */
import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { join } from 'node:path';
import { faultOf, openCalls } from '../../activities/calls-under-test.ts';
import { startPartner } from '../../activities/partner-under-test.ts';
import type { Partner } from '../../activities/partner-under-test.ts';
import { createResourceSource } from '../../api/resource-source.ts';
import { ResourceError } from '../../dsl/resolve/source.ts';
import { createAddressGuard } from '../../network/address-guard.ts';
import type { AddressGuard } from '../../network/address-guard.ts';
import { createHttpSender } from '../../network/http-sender.ts';
import { hostCallers, partnerAnswer, urlCallers, type Ways } from './callers.ts';
import { startCanary, type Canary } from './canary.ts';
import { forms, urlForms, zone } from './forms.ts';

const root = join(__dirname, '../..');
const callers = { ...urlCallers, ...hostCallers };

let canary: Canary;
let partner: Partner;
let guarded: Ways & { close(): Promise<void> };
let unguarded: Ways & { close(): Promise<void> };

async function resolveInZone(host: string): Promise<readonly LookupAddress[]> {
  return zone[host.toLowerCase()] ?? (await lookup(host, { all: true }));
}

async function openWays(guard: AddressGuard): Promise<Ways & { close(): Promise<void> }> {
  const http = createHttpSender({ allow: [], maxRedirects: 3, guard });
  const calls = await openCalls([], {}, { http });
  return {
    calls,
    resources: createResourceSource(http, root),
    partner,
    close: async () => {
      await calls.close();
      await http.close();
    },
  };
}

beforeAll(async () => {
  canary = await startCanary();
  partner = await startPartner(({ url }, response) => {
    const { location, body } = partnerAnswer(url);
    if (location === undefined) response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    else response.writeHead(307, { location }).end();
  });
  guarded = await openWays({ ...createAddressGuard([partner.host]), resolve: resolveInZone });
  unguarded = await openWays({ refusal: () => undefined, resolve: resolveInZone });
});

afterAll(async () => {
  await guarded?.close();
  await unguarded?.close();
  await partner?.close();
  await canary?.close();
});

/** Why the call was refused: by a fault of the definition, or by the error of a deploy. */
async function refusalOf(call: Promise<unknown>): Promise<string> {
  const outcome: unknown = await call.then(
    (value) => new Error(`it gave ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof ResourceError) return outcome.message;
  const { type, status, title, detail = '' } = await faultOf(Promise.reject(outcome));
  return type.endsWith('/authorization') && status === 403 && title === 'Forbidden Address'
    ? detail
    : `${type} ${status} ${title}: ${detail}`;
}

test('there are 60 forms and more', () => {
  expect(forms.length + urlForms.length).toBeGreaterThanOrEqual(60);
});

describe('with the guard', () => {
  test.each(Object.entries(callers))(
    '%s reaches the canary by no form',
    async (name, call) => {
      // A header cannot hold more than ASCII.
      const hosts = [...forms.map(({ host }) => host), ...(name in urlCallers ? urlForms : [])].filter(
        (host) =>
          (!name.endsWith('redirected') || /^[ -~]+$/.test(host)) &&
          // The host of a gRPC service is a name or an IPv4 address: others end as a configuration error.
          (name !== 'grpc' || !host.startsWith('[')),
      );
      const others: string[] = [];
      for (const host of hosts) {
        const refusal = await refusalOf(call(guarded, host, canary.port));
        if (!refusal.startsWith('forbidden-address: ')) others.push(`${host}: ${refusal}`);
      }
      expect(others).toEqual([]);
      expect(canary.connections()).toBe(0);
    },
    120_000,
  );

  test('a name that leads elsewhere after the check is not asked again', async () => {
    const decoy = await startCanary('127.0.0.2');
    const target = await startCanary('127.0.0.1', decoy.port);
    let asked = 0;
    const resolve = async (): Promise<readonly LookupAddress[]> => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.2' : '127.0.0.1', family: 4 }];
    };
    for (const [name, call] of Object.entries(callers)) {
      asked = 0;
      const allow = [partner.host, `127.0.0.2:${decoy.port}`];
      const ways = await openWays({ ...createAddressGuard(allow), resolve });
      await call(ways, 'rebinding.guard.test', decoy.port).catch(() => undefined);
      await ways.close();
      expect([name, asked > 0, target.connections()]).toEqual([name, true, 0]);
    }
    expect(decoy.connections()).toBeGreaterThanOrEqual(Object.keys(callers).length);
    await target.close();
    await decoy.close();
  }, 120_000);
});

describe('without the guard, as a control', () => {
  test.each(forms.filter(({ isRouted }) => isRouted))('$host leads to the canary', async ({ host }) => {
    const before = canary.connections();
    await unguarded.calls.http({ method: 'get', endpoint: `http://${host}:${canary.port}/` });
    expect(canary.connections()).toBe(before + 1);
  });

  test.each(Object.entries(callers))(
    '%s reaches the canary',
    async (_, call) => {
      for (const host of ['127.0.0.1', '0x7f.2', 'both.guard.test']) {
        const before = canary.connections();
        await call(unguarded, host, canary.port).catch(() => undefined);
        expect([host, canary.connections() > before]).toEqual([host, true]);
      }
    },
    60_000,
  );
});
