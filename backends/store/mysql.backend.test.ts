import { serverStore } from '../../test/stores/server-store.ts';
import { storeConformance } from './conformance.ts';

storeConformance('mysql', serverStore('PERDURE_TEST_MYSQL_URL'));
