import { mongoConformance } from '../../test/stores/mongodb.ts';

mongoConformance('mongodb', 'PERDURE_TEST_MONGODB_URL');
