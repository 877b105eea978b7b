/**
 * A small service of tests that registers and can be killed: `URL SERVICE ID TTL DELAY`. Prints its port when it is
 * listed. Answers with its id and what it was asked; `/hang` never answers, `/busy` says 503, and `/openapi.json`
 * describes it. On SIGTERM it leaves, and then stops.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openDiscovery } from '../../backends/discovery/open.ts';

const [url = '', service = '', id = '', ttl = '', delay = '0'] = process.argv.slice(2);
const seen: Record<string, number> = {};

const description = {
  openapi: '3.1.0',
  info: { title: service, version: '1' },
  paths: { '/v1/items': { get: { operationId: 'items', responses: { 200: { description: 'all' } } } } },
};

const server = createServer((request, response) => {
  const { method = '', url: path = '' } = request;
  const what = `${method} ${path}`;
  seen[what] = (seen[what] ?? 0) + 1;
  request.resume();
  if (path === '/hang') return;
  const answer = path === '/openapi.json' ? description : path === '/seen' ? seen : { id, what };
  setTimeout(() => {
    response.writeHead(path === '/busy' ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  }, Number(delay));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

const discovery = await openDiscovery({ url });
const registered = discovery.register?.({
  service,
  instance: { id, host: '127.0.0.1', port, metadata: { kind: 'process' } },
  ttlMs: Number(ttl),
  checkHealth: () => Promise.resolve(),
});
if (registered === undefined) throw new Error(`${discovery.place} registers nothing`);
while (!registered.isListed()) await new Promise((resolve) => setTimeout(resolve, 20));
process.stdout.write(`${port}\n`);

process.on('SIGTERM', () => {
  void discovery.close().then(() => server.close(() => process.exit(0)));
});
