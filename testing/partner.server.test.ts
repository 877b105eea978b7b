import { startPartner } from './partner.ts';
import type { Partner } from './partner.ts';

let partner: Partner;

beforeEach(async () => {
  partner = await startPartner({
    'GET /fixed': { body: { ok: true }, headers: { 'x-from': 'partner' } },
    'GET /turns': [{ status: 503 }, { status: 200 }],
    'POST /echo': ({ body, query }) => ({ status: 201, body: { body, from: query.from ?? null } }),
    'GET /gone': { hangUp: true },
  });
});

afterEach(() => partner.close());

test('a route answers as told, and what came is kept in order', async () => {
  const fixed = await fetch(`${partner.url}/fixed`, { headers: { 'Idempotency-Key': 'k' } });
  expect([fixed.status, fixed.headers.get('x-from'), await fixed.json()]).toEqual([
    200,
    'partner',
    { ok: true },
  ]);
  const echo = await fetch(`${partner.url}/echo?from=me`, { method: 'POST', body: '{"a":1}' });
  expect([echo.status, await echo.json()]).toEqual([201, { body: { a: 1 }, from: 'me' }]);
  expect(partner.requests().map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /fixed',
    'POST /echo',
  ]);
  expect(partner.requests('GET /fixed')[0]?.headers['idempotency-key']).toBe('k');
});

test('replies in turn come in turn, and the last one stays', async () => {
  const statuses = [];
  for (let turn = 0; turn < 3; turn++) statuses.push((await fetch(`${partner.url}/turns`)).status);
  expect(statuses).toEqual([503, 200, 200]);
});

test('a partner that hangs up gives no answer, and an unknown path is 404', async () => {
  await expect(fetch(`${partner.url}/gone`)).rejects.toThrow('fetch failed');
  expect((await fetch(`${partner.url}/other`)).status).toBe(404);
});

test('a route can be told another answer', async () => {
  partner.answer('GET /fixed', { status: 418 });
  expect((await fetch(`${partner.url}/fixed`)).status).toBe(418);
});
