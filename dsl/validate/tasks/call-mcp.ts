import { mcpMethods } from '../../types.ts';
import { duration } from '../duration.ts';
import { templateText, transformation } from '../expressions.ts';
import { array, exactlyOneOf, mapOf, object, oneOf, text } from '../rules.ts';
import { endpoint } from '../uri.ts';

const http = object({
  title: 'an HTTP transport',
  required: ['endpoint'],
  fields: { endpoint, headers: mapOf('headers', templateText) },
});

const stdio = object({
  title: 'a stdio transport',
  required: ['command'],
  fields: {
    command: templateText,
    arguments: array('arguments', templateText),
    environment: mapOf('an environment', templateText),
  },
});

const transport = exactlyOneOf(
  { title: 'an MCP transport', fields: { http, stdio, options: mapOf('options', templateText) } },
  ['http', 'stdio'],
);

const client = object({
  title: 'an MCP client',
  required: ['name', 'version'],
  fields: { name: text(), version: text() },
});

/** "MCP Call": the arguments of `call: mcp`. */
export const mcpArguments = object({
  title: 'an MCP call',
  required: ['method', 'transport'],
  fields: {
    protocolVersion: text(),
    method: oneOf(...mcpMethods),
    parameters: transformation,
    timeout: duration,
    transport,
    client,
  },
});
