import { lockedExecutions } from './engine-rules.ts';

lockedExecutions('Redis', () => process.env['PERDURE_TEST_REDIS_URL'] ?? '');
