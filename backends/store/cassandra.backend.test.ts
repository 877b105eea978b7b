import { serverStore } from '../../test/stores/server-store.ts';
import { storeConformance } from './conformance.ts';

storeConformance('cassandra', serverStore('PERDURE_TEST_CASSANDRA_URL'));
