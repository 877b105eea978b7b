import { templateText } from '../expressions.ts';
import { object } from '../rules.ts';
import { processFields } from './run-process.ts';

/** "Shell Process". */
export const shell = object({
  title: 'a shell command',
  required: ['command'],
  fields: { ...processFields, command: templateText },
});
