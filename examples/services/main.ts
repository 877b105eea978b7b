/** Runs the example services alone: `node examples/services/main.ts`. */
import { servicesPort, startServices } from './server.ts';

const services = await startServices(servicesPort(process.env));
console.log(`Example services on ${services.url} (log: ${services.url}/log)`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void services.close());
}
