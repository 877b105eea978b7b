import { duration } from '../duration.ts';
import { templateObject, templateText } from '../expressions.ts';
import { isJsonObject } from '../../json.ts';
import { report } from '../place.ts';
import type { Rule } from '../place.ts';
import { all, anyObject, array, boolean, exactlyOneOf, object, oneOf, text, unsupported } from '../rules.ts';
import { externalResource } from '../uri.ts';
import type { TaskForm } from './form.ts';

const lifetimeForm = object({
  title: 'a container lifetime',
  required: ['cleanup'],
  fields: { cleanup: oneOf('always', 'never', 'eventually'), after: duration },
});

const afterOnlyEventually: Rule = (value, place) => {
  if (!isJsonObject(value)) return;
  const eventually = value.cleanup === 'eventually';
  if (eventually && value.after === undefined) {
    report(place, 'missing', 'a container lifetime with cleanup "eventually" needs the field "after"');
  } else if (!eventually && value.after !== undefined) {
    const after = { ...place, pointer: `${place.pointer}/after` };
    report(after, 'value', '"after" goes only with cleanup "eventually"', { key: true });
  }
};

const process = { stdin: templateText, arguments: array('arguments', templateText) };

const container = object({
  title: 'a container',
  required: ['image'],
  fields: {
    ...process,
    image: templateText,
    name: templateText,
    command: templateText,
    ports: anyObject,
    volumes: anyObject,
    environment: templateObject,
    lifetime: all(lifetimeForm, afterOnlyEventually),
    pullPolicy: oneOf('ifNotPresent', 'always', 'never'),
  },
});

const script = all(
  object({
    title: 'a script',
    required: ['language'],
    fields: {
      ...process,
      language: text(),
      environment: templateObject,
      code: templateText,
      source: externalResource,
    },
  }),
  (value, place) => {
    const sources = ['code', 'source'].filter((name) => isJsonObject(value) && Object.hasOwn(value, name));
    if (isJsonObject(value) && sources.length !== 1) {
      report(
        place,
        sources.length === 0 ? 'missing' : 'value',
        'a script needs one of the fields code or source',
      );
    }
  },
);

const shell = object({
  title: 'a shell command',
  required: ['command'],
  fields: { ...process, command: templateText, environment: templateObject },
});

const workflow = object({
  title: 'a workflow to run',
  required: ['namespace', 'name', 'version'],
  fields: { namespace: text(), name: text(), version: text(), input: templateObject },
});

const run = exactlyOneOf(
  {
    title: 'a run',
    fields: {
      container: unsupported('Running a container', container),
      script: unsupported('Running a script', script),
      shell: unsupported('Running a shell command', shell),
      workflow,
      await: boolean,
      return: oneOf('stdout', 'stderr', 'code', 'all', 'none'),
    },
  },
  ['container', 'script', 'shell', 'workflow'],
);

/** "Run": runs a process, which may be another workflow. */
export function runTask(): TaskForm {
  return { title: 'a run task', fields: { run } };
}
