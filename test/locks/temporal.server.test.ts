import { lockedExecutions } from './engine-rules.ts';

lockedExecutions('Temporal', () => 'temporal:');
