import { scriptLanguages } from '../../types.ts';
import { exactlyOneOf, oneOf, text } from '../rules.ts';
import { externalResource } from '../uri.ts';
import { processFields } from './run-process.ts';

/** "Script Process". Code is no template: `${ }` has a meaning of its own in JavaScript, and data must not become code. */
export const script = exactlyOneOf(
  {
    title: 'a script',
    required: ['language'],
    fields: { ...processFields, language: oneOf(...scriptLanguages), code: text(), source: externalResource },
  },
  ['code', 'source'],
);
