import { mysqlConformance } from '../../test/stores/mysql.ts';

mysqlConformance('mysql', 'PERDURE_TEST_MYSQL_URL');
