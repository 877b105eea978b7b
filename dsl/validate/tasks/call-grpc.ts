import { authentication } from '../authentication.ts';
import { templateObject, templateText } from '../expressions.ts';
import { integer, object, text } from '../rules.ts';
import { externalResource } from '../uri.ts';

const service = object({
  title: 'a gRPC service',
  required: ['name', 'host'],
  fields: {
    name: templateText,
    host: text({
      what: 'the name or address of a host',
      pattern: /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,61}[a-zA-Z0-9])?$/,
    }),
    port: integer(0, 65_535),
    authentication,
  },
});

/** "gRPC Call": the arguments of `call: grpc`. */
export const grpcArguments = object({
  title: 'a gRPC call',
  required: ['proto', 'service', 'method'],
  fields: { proto: externalResource, service, method: templateText, arguments: templateObject },
});
