/** A worker in a process of its own, so that its CPU time can be read. Tells its parent when it polls; ends on `end`. */
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../activities/create.ts';
import { createHttpSender } from '../network/http-sender.ts';
import { environmentSecrets } from '../activities/secrets/secrets.ts';
import { openEvents } from '../backends/events/open.ts';
import { openStore } from '../backends/store/open.ts';
import { bundlerOptions } from '../workers/bundler-options.ts';

const [address = '', namespace = '', taskQueue = '', data = '', partner = ''] = process.argv.slice(2);

Runtime.install({ logger: new DefaultLogger('ERROR') });
const store = await openStore('sqlite:bench.db', data);
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue,
  workflowBundle: await bundleWorkflowCode({
    ...bundlerOptions(join(import.meta.dirname, '..'), join(import.meta.dirname, 'workflows.ts')),
    logger: new DefaultLogger('ERROR'),
  }),
  activities: createActivities({
    store,
    events: (await openEvents('memory:')).publisher,
    secrets: environmentSecrets({}, 'PERDURE_SECRET_'),
    http: createHttpSender({ allow: [partner], maxRedirects: 3 }),
  }),
  reuseV8Context: true,
});

process.on('message', (message) => {
  if (message === 'cpu') process.send?.(process.cpuUsage());
  if (message === 'end') worker.shutdown();
});
const running = worker.run();
process.send?.('ready');
await running;
await connection.close();
await store.close();
process.disconnect();
