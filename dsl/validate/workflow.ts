/** A whole definition ("Workflow"). */
import { faultReactions } from '../on-fault.ts';
import { describeValue } from '../wording.ts';
import { input, output } from './data-flow.ts';
import { outermostScope } from './expression-scope.ts';
import type { Stage } from './expression-scope.ts';
import { label } from './label.ts';
import { nestedTasks, report, seeing } from './place.ts';
import type { Place, Rule } from './place.ts';
import { anyObject, anything, object, oneOf, text } from './rules.ts';
import { schedule } from './schedule.ts';
import { timeout } from './timeout.ts';
import { use } from './use.ts';
import { semanticVersion } from './version.ts';

const dslVersion: Rule = (value, place) => {
  text(semanticVersion)(value, place);
  if (typeof value !== 'string' || !semanticVersion.pattern.test(value)) return;
  if (!/^1\.0\.[0-3]$/.test(value)) {
    report(place, 'dsl-version', `this release knows the DSL 1.0.0 to 1.0.3, found ${describeValue(value)}`);
  }
};

const header = object({
  title: 'the document header',
  required: ['dsl', 'namespace', 'name', 'version'],
  fields: {
    dsl: dslVersion,
    namespace: text(label),
    name: text(label),
    version: text(semanticVersion),
    title: text(),
    summary: text(),
    tags: anyObject,
    metadata: object({ title: 'metadata', fields: { onFault: oneOf(...faultReactions) }, others: anything }),
  },
});

const language: Rule = (value, place) => {
  text()(value, place);
  if (typeof value === 'string' && value !== 'jq') {
    report(place, 'unsupported', `the only expression language is "jq", found ${describeValue(value)}`);
  }
};

function stage(name: Stage, rule: Rule): Rule {
  return (value, place) => rule(value, seeing(place, outermostScope(name)));
}

const workflow = object({
  title: 'a definition',
  required: ['document', 'do'],
  fields: {
    document: header,
    input: stage('workflowInput', input),
    use,
    do: nestedTasks,
    timeout: stage('workflowInput', timeout),
    output: stage('workflowOutput', output),
    schedule: stage('schedule', schedule),
    evaluate: object({ title: 'evaluate', fields: { language, mode: oneOf('strict', 'loose') } }),
  },
});

/** Checks a whole definition; everything that is wrong with it goes to `context.report`. */
export function checkWorkflow(value: Parameters<Rule>[0], context: Place['context']): void {
  workflow(value, { pointer: '', scope: outermostScope('workflowInput'), context });
}
