import { storeConformance } from './conformance.ts';
import { openStore } from './open.ts';

const url = process.env.PERDURE_TEST_HBASE_URL ?? '';

storeConformance('hbase', async () => {
  const reopen = () => openStore(url, '');
  return { store: await reopen(), reopen };
});
