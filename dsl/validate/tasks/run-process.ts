import { templateObject, templateText } from '../expressions.ts';
import type { Rule } from '../place.ts';
import { array } from '../rules.ts';

/** What containers, scripts and shell commands all take. */
export const processFields: Readonly<Record<string, Rule>> = {
  stdin: templateText,
  arguments: array('arguments', templateText),
  environment: templateObject,
};
