/** A whole definition ("Workflow"). */
import { describeValue } from '../wording.ts';
import { input, output } from './data-flow.ts';
import { duration } from './duration.ts';
import { consumption } from './event.ts';
import { outermostScope } from './expression-scope.ts';
import type { Stage } from './expression-scope.ts';
import { nestedTasks, report, seeing } from './place.ts';
import type { Place, Rule } from './place.ts';
import { all, anyObject, object, oneOf, text, unsupported } from './rules.ts';
import { isJsonObject } from '../json.ts';
import { timeout } from './timeout.ts';
import { use } from './use.ts';

const label = {
  what: 'a name of letters, digits and hyphens, at most 63 characters',
  pattern: /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/,
};

const semanticVersion = {
  what: 'a semantic version such as "1.0.0"',
  pattern:
    /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/,
};

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
    metadata: anyObject,
  },
});

const language: Rule = (value, place) => {
  text()(value, place);
  if (typeof value === 'string' && value !== 'jq') {
    report(place, 'unsupported', `the only expression language is "jq", found ${describeValue(value)}`);
  }
};

const schedule = all(
  object({
    title: 'a schedule',
    fields: {
      every: duration,
      cron: text(),
      after: duration,
      on: consumption,
      read: oneOf('data', 'envelope', 'raw'),
    },
  }),
  (value, place) => {
    if (isJsonObject(value) && value.read !== undefined && value.on === undefined) {
      report(place, 'missing', 'a schedule with "read" needs the field "on"');
    }
  },
);

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
    schedule: unsupported('Scheduling a workflow', stage('workflowInput', schedule)),
    evaluate: object({ title: 'evaluate', fields: { language, mode: oneOf('strict', 'loose') } }),
  },
});

/** Checks a whole definition; everything that is wrong with it goes to `context.report`. */
export function checkWorkflow(value: Parameters<Rule>[0], context: Place['context']): void {
  workflow(value, { pointer: '', scope: outermostScope('workflowInput'), context });
}
