import { mysqlConformance } from '../../test/stores/mysql.ts';

mysqlConformance('tidb', 'PERDURE_TEST_TIDB_URL');
