import { serverStore } from '../../test/stores/server-store.ts';
import { storeConformance } from './conformance.ts';

storeConformance('tidb', serverStore('PERDURE_TEST_TIDB_URL'));
