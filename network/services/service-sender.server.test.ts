import { answerJson, startPartner } from '../../activities/partner-under-test.ts';
import type { Partner, SeenRequest } from '../../activities/partner-under-test.ts';
import type { ServerResponse } from 'node:http';
import { createHttpSender } from '../http-sender.ts';
import type { HttpRequest, HttpSender } from '../http-sender.ts';
import type { Outcome } from './balance.ts';
import { createServiceSender } from './service-sender.ts';
import type { CallableInstance } from './service-sender.ts';

describe('the sender of calls by name', () => {
  const partners: Partner[] = [];
  const outcomes: Outcome[] = [];
  let repeats = 0;
  let http: HttpSender;
  let instances: CallableInstance[];
  let sender: HttpSender;

  beforeEach(() => {
    instances = [];
    http = createHttpSender({ allow: [], maxRedirects: 3 });
    sender = createServiceSender(http, {
      directory: { instances: () => Promise.resolve(instances) },
      allowed: new Set(['orders']),
      metrics: {
        called: (_service, outcome) => outcomes.push(outcome),
        repeated: () => (repeats += 1),
        ejected: () => undefined,
      },
    });
  });
  afterEach(async () => {
    await http.close();
    for (const partner of partners.splice(0)) await partner.close();
    outcomes.length = 0;
    repeats = 0;
  });

  async function instance(
    id: string,
    answer: (request: SeenRequest, response: ServerResponse) => void,
  ): Promise<Partner> {
    const partner = await startPartner(answer);
    partners.push(partner);
    instances = [...instances, { id, host: '127.0.0.1', port: partner.port }];
    return partner;
  }

  const request = (given: Partial<HttpRequest> = {}): HttpRequest => ({
    method: 'GET',
    url: 'service://orders/v1/items',
    headers: {},
    timeoutMs: 5_000,
    maxResponseBytes: 100_000,
    followRedirects: false,
    ...given,
  });

  const breakOff = (_request: SeenRequest, response: ServerResponse): void => void response.destroy();

  it.each([
    ['a GET', {}],
    ['an OPTIONS', { method: 'OPTIONS' }],
    ['a POST that is marked idempotent', { method: 'POST', isIdempotent: true, body: Buffer.from('x') }],
  ])('sends %s to another instance where one breaks off', async (_name, given) => {
    await instance('bad', breakOff);
    await instance('good', (_request, response) => answerJson(response, 200, 'good'));
    for (let done = 0; done < 10; done++) {
      expect(Buffer.from((await sender.send(request(given))).body).toString()).toBe('"good"');
    }
    expect(repeats).toBeGreaterThan(0);
    expect(outcomes).toContain('failed');
  });

  it('sends a GET again whose answer breaks off in the middle', async () => {
    await instance('bad', (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    await instance('good', (_request, response) => answerJson(response, 200, 'good'));
    for (let done = 0; done < 5; done++) {
      expect(Buffer.from((await sender.send(request())).body).toString()).toBe('"good"');
    }
    expect(outcomes).toContain('failed');
  });

  it('sends a POST once, and says that it broke off', async () => {
    const [one, other] = [await instance('a', breakOff), await instance('b', breakOff)];
    await expect(sender.send(request({ method: 'POST' }))).rejects.toMatchObject({ kind: 'broken-off' });
    expect(one.seen.length + other.seen.length).toBe(1);
  });

  it('gives up with what happened last when every instance failed once', async () => {
    const all = [await instance('a', breakOff), await instance('b', breakOff), await instance('c', breakOff)];
    await expect(sender.send(request())).rejects.toMatchObject({ kind: 'broken-off' });
    expect(all.map(({ seen }) => seen.length)).toEqual([1, 1, 1]);
  });

  it('gives the last answer where every instance says 503', async () => {
    const answer = (_request: SeenRequest, response: ServerResponse): void =>
      answerJson(response, 503, 'not now');
    const all = [await instance('a', answer), await instance('b', answer)];
    expect((await sender.send(request())).status).toBe(503);
    expect(all.map(({ seen }) => seen.length)).toEqual([1, 1]);
  });

  it('takes other errors as the answer', async () => {
    const answer = (_request: SeenRequest, response: ServerResponse): void => answerJson(response, 500, 'no');
    await instance('a', answer);
    await instance('b', answer);
    expect((await sender.send(request())).status).toBe(500);
    expect(outcomes).toEqual(['error']);
  });

  it('keeps the time of the whole call', async () => {
    await instance('a', () => undefined);
    await instance('b', () => undefined);
    const begun = performance.now();
    await expect(sender.send(request({ timeoutMs: 300 }))).rejects.toMatchObject({ kind: 'timeout' });
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  it('ends when it is cancelled, which says nothing of the instance', async () => {
    const cancelling = new AbortController();
    await instance('a', () => cancelling.abort(new Error('cancelled')));
    await instance('b', () => cancelling.abort(new Error('cancelled')));
    await expect(sender.send(request({ signal: cancelling.signal }))).rejects.toThrow('cancelled');
    expect(outcomes).toEqual(['given-up']);
  });

  it('streams', async () => {
    await instance('bad', breakOff);
    await instance('good', (_request, response) => answerJson(response, 200, 'good'));
    const { body, url } = await sender.stream(request());
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('"good"');
    expect(url).toBe('service://orders/v1/items');
  });

  it('follows a redirect within the service, and asks the guard where one leads away', async () => {
    const elsewhere = await startPartner((_request, response) => answerJson(response, 200, 'reached'));
    partners.push(elsewhere);
    await instance('a', ({ url }, response) => {
      if (url === '/v1/items') response.writeHead(302, { location: '/v2/items' }).end();
      else if (url === '/away') response.writeHead(302, { location: `${elsewhere.origin}/` }).end();
      else answerJson(response, 200, url);
    });
    const reply = await sender.send(request({ followRedirects: true }));
    expect(reply.url).toBe('service://orders/v2/items');
    const away = request({ url: 'service://orders/away', followRedirects: true });
    await expect(sender.send(away)).rejects.toMatchObject({
      kind: 'forbidden-address',
      message: expect.not.stringContaining('service://'),
    });
    expect(elsewhere.seen).toEqual([]);
    expect(outcomes).toEqual(['answered', 'answered']);
  });

  it('does not send a POST again whose redirect leads nowhere', async () => {
    const answer = (_request: SeenRequest, response: ServerResponse): void =>
      void response.writeHead(307, { location: 'http://nowhere.invalid/' }).end();
    const [one, other] = [await instance('a', answer), await instance('b', answer)];
    const post = request({ method: 'POST', followRedirects: true });
    await expect(sender.send(post)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(one.seen.length + other.seen.length).toBe(1);
  });

  it('speaks TLS where the URL says so, and then takes no plain answer', async () => {
    await instance('a', (_request, response) => answerJson(response, 200, 'plain'));
    const secure = request({ url: 'service+https://orders/' });
    await expect(sender.send(secure)).rejects.toMatchObject({ kind: 'broken-off' });
  });

  it('leaves other URLs to the sender below', async () => {
    await expect(sender.send(request({ url: 'http://127.0.0.1:1/' }))).rejects.toMatchObject({
      kind: 'forbidden-address',
      message: expect.not.stringContaining('service://'),
    });
  });
});
