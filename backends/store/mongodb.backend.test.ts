import { serverStore } from '../../test/stores/server-store.ts';
import { storeConformance } from './conformance.ts';

storeConformance('mongodb', serverStore('PERDURE_TEST_MONGODB_URL'));
