import type { Connection } from '@temporalio/client';
import { join } from 'node:path';
import { startTestService } from '../../testing/index.ts';
import type { TestService } from '../../testing/index.ts';
import { locksConformance } from './conformance.ts';
import { openTemporalLocks } from './temporal.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService({ root: join(__dirname, '../..') });
}, 120_000);
afterAll(() => service?.close());

locksConformance({
  name: 'Temporal',
  address: () => {
    const { client, taskQueue } = service;
    const { namespace } = client.options;
    const { address } = (client.connection as Connection).options;
    return { url: 'temporal:', env: { TEMPORAL: JSON.stringify({ address, namespace, taskQueue }) } };
  },
  open: () => {
    const { client, taskQueue } = service;
    return Promise.resolve(openTemporalLocks({ client: () => client, taskQueue: () => taskQueue }));
  },
  isFair: true,
  ttlMs: 1_000,
  slackMs: 200,
});
