/** What shapes data on its way: `input`, `output`, `export` and the schemas in them. */
import { isJsonObject } from '../json.ts';
import { schemaProblem } from '../schema-problem.ts';
import type { Endpoint } from '../types.ts';
import { describeValue } from '../wording.ts';
import { transformation } from './expressions.ts';
import { report } from './place.ts';
import type { Rule } from './place.ts';
import { exactlyOneOf, object, text } from './rules.ts';
import { fixedResource } from './uri.ts';

const schemaFormat: Rule = (value, place) => {
  text()(value, place);
  if (typeof value === 'string' && !/^json(?::.+)?$/.test(value)) {
    report(
      place,
      'unsupported',
      `the schema format ${describeValue(value)} is not supported; there is "json"`,
    );
  }
};

const schemaForm = exactlyOneOf(
  {
    title: 'a schema',
    fields: {
      format: schemaFormat,
      document: () => {},
      resource: fixedResource,
    },
  },
  ['document', 'resource'],
);

const schema: Rule = (value, place) => {
  schemaForm(value, place);
  if (!isJsonObject(value)) return;
  if (isJsonObject(value.resource) && value.resource.endpoint !== undefined) {
    const pointer = `${place.pointer}/resource/endpoint`;
    // Its own rule has said so where it is no endpoint.
    place.context.refer({ kind: 'schema', pointer, endpoint: value.resource.endpoint as Endpoint });
  }
  if (value.document === undefined) return;
  const { format = 'json', document } = value;
  if (typeof format !== 'string' || !format.startsWith('json')) return;
  const problem = schemaProblem(document);
  if (problem === undefined) return;
  const pointer = `${place.pointer}/document${problem.pointer}`;
  report({ ...place, pointer }, 'schema', problem.message);
};

/** `input` of a workflow or task. */
export const input = object({ title: 'an input', fields: { schema, from: transformation } });

/** `output` of a workflow or task. */
export const output = object({ title: 'an output', fields: { schema, as: transformation } });

/** `export` of a task. */
export const exportRule = object({ title: 'an export', fields: { schema, as: transformation } });
