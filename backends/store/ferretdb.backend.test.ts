import { mongoConformance } from '../../test/stores/mongodb.ts';

mongoConformance('ferretdb', 'PERDURE_TEST_FERRETDB_URL');
