import { serverStore } from '../../test/stores/server-store.ts';
import { storeConformance } from './conformance.ts';

storeConformance('postgres', serverStore('PERDURE_TEST_POSTGRES_URL'));
