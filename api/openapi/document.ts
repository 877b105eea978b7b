import { z } from 'zod';
import { runtimeVersion } from '../../workflows/contract.ts';
import { eventTypes } from '../event-request.ts';
import { problemTypes } from '../problem.ts';
import type { ProblemName } from '../problem.ts';
import { definitionMediaTypes, operations } from './operations.ts';
import type { OperationDescription } from './operations.ts';
import { ref, schemas } from './schemas.ts';
import type { SchemaObject } from './schemas.ts';

const headerDescriptions = {
  Prefer: '`wait=N`: wait up to N seconds, at most 30, for the end',
  'Idempotency-Key': 'Makes the call safe to repeat: 1 to 255 visible ASCII characters',
};

/** The API in OpenAPI 3.1. Request bodies and parameters come from the very schemas that parse them. */
export function openapiDocument(): SchemaObject {
  const paths: Record<string, Record<string, SchemaObject>> = {};
  for (const [route, operation] of Object.entries(operations)) {
    const [method = '', path = ''] = route.split(' ');
    (paths[path] ??= {})[method.toLowerCase()] = describeOperation(path, operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Perdure',
      version: runtimeVersion,
      description:
        'Durable workflows on Temporal. Errors are problem documents (RFC 9457). An API key, where one is configured, goes into `Authorization: Bearer`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{}, { apiKey: [] }],
    paths,
    components: { schemas, securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
  };
}

function describeOperation(path: string, operation: OperationDescription): SchemaObject {
  const { tag, summary, query, headers = [], body, answers, problems = [] } = operation;
  const parameters = [
    ...Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) =>
      parameter('path', name ?? '', { type: 'string' }),
    ),
    ...queryParameters(query),
    ...headers.map((name) => ({
      ...parameter('header', name, { type: 'string' }),
      description: headerDescriptions[name],
    })),
  ];
  return {
    tags: [tag],
    summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body === undefined ? {} : { requestBody: requestBody(body) }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])),
      ...problemResponses(problems),
      default: problemResponse('A problem'),
    },
  };
}

function parameter(place: 'path' | 'query' | 'header', name: string, schema: unknown): SchemaObject {
  return { in: place, name, required: place === 'path', schema };
}

function queryParameters(query: z.ZodType | undefined): SchemaObject[] {
  if (query === undefined) return [];
  return Object.entries(jsonSchema(query).properties ?? {}).map(([name, schema]) =>
    parameter('query', name, schema),
  );
}

function requestBody(body: z.ZodType | 'definition' | 'event'): SchemaObject {
  if (body === 'event') return { required: true, content: eventContents() };
  if (body !== 'definition') return { content: { 'application/json': { schema: jsonSchema(body) } } };
  const contents = definitionMediaTypes.map((type) => {
    const schema = { type: type === 'application/json' ? 'object' : 'string' };
    return [type, { schema }] as const;
  });
  return { required: true, content: Object.fromEntries(contents) };
}

function eventContents(): SchemaObject {
  const [single, batch] = eventTypes;
  const event = { type: 'object', required: ['specversion', 'id', 'source', 'type'] };
  return {
    [single]: { schema: event },
    [batch]: { schema: { type: 'array', items: event } },
    '*/*': { schema: { description: 'Data; the attributes are in ce- headers' } },
  };
}

function jsonSchema(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  // Values that are handed on unread have no schema of their own: any JSON.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

function answerOf(answer: OperationDescription['answers'][number]): SchemaObject {
  if (answer === null) return { description: 'Done' };
  if (isSchemaName(answer))
    return { description: answer, content: { 'application/json': { schema: ref(answer) } } };
  return { description: answer, content: { [answer]: {} } };
}

function isSchemaName(answer: string): answer is keyof typeof schemas {
  return Object.hasOwn(schemas, answer);
}

function problemResponses(problems: readonly ProblemName[]): Record<string, SchemaObject> {
  const byStatus = Map.groupBy(problems, (problem) => problemTypes[problem][0]);
  return Object.fromEntries(
    Array.from(byStatus, ([status, names]) => [
      status,
      problemResponse(names.map((name) => `\`${name}\`: ${problemTypes[name][1]}`).join('; ')),
    ]),
  );
}

function problemResponse(description: string): SchemaObject {
  return { description, content: { 'application/problem+json': { schema: ref('Problem') } } };
}
