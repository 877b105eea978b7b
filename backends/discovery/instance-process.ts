/** A process of tests that registers one instance and can be killed: `URL SERVICE ID PORT TTL`. Says when it is listed. */
import { openDiscovery } from './open.ts';

const [url = '', service = '', id = '', port = '', ttl = ''] = process.argv.slice(2);
const discovery = await openDiscovery({ url });
const registered = discovery.register?.({
  service,
  instance: { id, host: '127.0.0.1', port: Number(port), metadata: { kind: 'process' } },
  ttlMs: Number(ttl),
  checkHealth: () => Promise.resolve(),
});
if (registered === undefined) throw new Error(`${discovery.place} registers nothing`);
while (!registered.isListed()) await new Promise((resolve) => setTimeout(resolve, 50));
process.stdout.write('listed\n');
process.on('SIGTERM', () => void discovery.close().then(() => process.exit(0)));
