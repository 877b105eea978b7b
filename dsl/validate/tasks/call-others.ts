import { authentication } from '../authentication.ts';
import { duration } from '../duration.ts';
import { templateObject, templateText, transformation } from '../expressions.ts';
import { array, exactlyOneOf, integer, mapOf, object, oneOf, text } from '../rules.ts';
import { endpoint, externalResource } from '../uri.ts';

/** "gRPC Call": the arguments of `call: grpc`. */
export const grpcArguments = object({
  title: 'a gRPC call',
  required: ['proto', 'service', 'method'],
  fields: {
    proto: externalResource,
    service: object({
      title: 'a gRPC service',
      required: ['name', 'host'],
      fields: {
        name: text(),
        host: text({ what: 'a host name', pattern: /^[a-zA-Z0-9](?:[a-zA-Z0-9-.]{0,61}[a-zA-Z0-9])?$/ }),
        port: integer(0, 65_535),
        authentication,
      },
    }),
    method: templateText,
    arguments: templateObject,
  },
});

/** "A2A Call": the arguments of `call: a2a`. */
export const a2aArguments = object({
  title: 'an A2A call',
  required: ['method'],
  fields: {
    agentCard: externalResource,
    server: endpoint,
    method: oneOf(
      'message/send',
      'message/stream',
      'tasks/get',
      'tasks/list',
      'tasks/cancel',
      'tasks/resubscribe',
      'tasks/pushNotificationConfig/set',
      'tasks/pushNotificationConfig/get',
      'tasks/pushNotificationConfig/list',
      'tasks/pushNotificationConfig/delete',
      'agent/getAuthenticatedExtendedCard',
    ),
    parameters: transformation,
  },
});

const transport = exactlyOneOf(
  {
    title: 'an MCP transport',
    fields: {
      http: object({
        title: 'an HTTP transport',
        required: ['endpoint'],
        fields: { endpoint, headers: mapOf('headers', templateText) },
      }),
      stdio: object({
        title: 'a stdio transport',
        required: ['command'],
        fields: {
          command: templateText,
          arguments: array('arguments', templateText),
          environment: mapOf('an environment', templateText),
        },
      }),
      options: mapOf('options', templateText),
    },
  },
  ['http', 'stdio'],
);

/** "MCP Call": the arguments of `call: mcp`. */
export const mcpArguments = object({
  title: 'an MCP call',
  required: ['method', 'transport'],
  fields: {
    protocolVersion: text(),
    method: oneOf(
      'tools/list',
      'tools/call',
      'prompts/list',
      'prompts/get',
      'resources/list',
      'resources/read',
      'resources/templates/list',
    ),
    parameters: transformation,
    timeout: duration,
    transport,
    client: object({
      title: 'an MCP client',
      required: ['name', 'version'],
      fields: { name: text(), version: text() },
    }),
  },
});
