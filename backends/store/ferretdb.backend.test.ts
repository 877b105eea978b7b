import { serverStore } from '../../test/stores/server-store.ts';
import { storeConformance } from './conformance.ts';

storeConformance('ferretdb', serverStore('PERDURE_TEST_FERRETDB_URL'));
