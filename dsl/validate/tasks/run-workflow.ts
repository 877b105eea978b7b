import { templateObject } from '../expressions.ts';
import { label } from '../label.ts';
import type { Rule } from '../place.ts';
import { object, text } from '../rules.ts';
import { semanticVersion } from '../version.ts';

const version: Rule = (value, place) => {
  if (value !== 'latest')
    text({ ...semanticVersion, what: `${semanticVersion.what}, or "latest"` })(value, place);
};

/** "Workflow Process". Its input becomes the data of another execution: it sees no secrets. */
export const workflow = object({
  title: 'a workflow to run',
  required: ['namespace', 'name', 'version'],
  fields: { namespace: text(label), name: text(label), version, input: templateObject },
});
