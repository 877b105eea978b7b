import { mysqlConformance } from '../../test/stores/mysql.ts';

mysqlConformance('mariadb', 'PERDURE_TEST_MARIADB_URL');
