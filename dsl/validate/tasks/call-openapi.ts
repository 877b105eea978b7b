import { authentication } from '../authentication.ts';
import { templateObject, templateText } from '../expressions.ts';
import { boolean, object, oneOf } from '../rules.ts';
import { resourceOrService } from '../uri.ts';

/** "OpenAPI Call": the arguments of `call: openapi`. */
export const openapiArguments = object({
  title: 'an OpenAPI call',
  required: ['document', 'operationId'],
  fields: {
    document: resourceOrService,
    operationId: templateText,
    parameters: templateObject,
    authentication,
    output: oneOf('raw', 'content', 'response'),
    redirect: boolean,
  },
});
