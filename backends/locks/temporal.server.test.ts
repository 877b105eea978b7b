import { join } from 'node:path';
import { startRestartableTemporal, type RestartableTemporal } from '../../test/restartable-temporal.ts';
import { locksConformance } from './conformance.ts';
import { openTemporalLocks } from './temporal.ts';

let temporal: RestartableTemporal;

beforeAll(async () => {
  temporal = await startRestartableTemporal(join(__dirname, '../..'));
}, 120_000);
afterAll(() => temporal?.close());

locksConformance({
  name: 'Temporal',
  address: () => {
    const { address, namespace, taskQueue } = temporal;
    return { url: 'temporal:', env: { TEMPORAL: JSON.stringify({ address, namespace, taskQueue }) } };
  },
  open: () => {
    const { client, taskQueue } = temporal;
    return Promise.resolve(openTemporalLocks({ client: () => client, taskQueue: () => taskQueue }));
  },
  isFair: true,
  ttlMs: 1_000,
  slackMs: 200,
  control: () => temporal.control,
});
