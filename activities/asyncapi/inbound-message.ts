import { evaluateExpression, isTruthy } from '../../dsl/evaluate.ts';
import { standardFault } from '../../dsl/errors.ts';
import { ExpressionError } from '../../dsl/expressions/index.ts';
import type { JsonObject } from '../../dsl/json.ts';
import type { AsyncapiInboundMessage, ReceiveMessagesRequest } from '../../workflows/contract.ts';
import { withoutCredentials } from '../../network/credential-headers.ts';
import { decodePayload } from './message-content.ts';
import { valueAt } from './message-description.ts';
import type { MessageDescription } from './message-description.ts';
import type { Delivery } from './transport.ts';

/** Headers that carry a correlation id where neither document nor protocol says which one does. */
const correlationHeaders = new Set(['correlationid', 'correlation-id', 'x-correlation-id']);

/** A message as definitions see it ("AsyncAPI Inbound Message"). */
export function inboundMessage(
  { body, headers: received, contentType, correlationId }: Delivery,
  descriptions: readonly MessageDescription[],
): AsyncapiInboundMessage {
  const headers = withoutCredentials(received);
  const payload = decodePayload(body, contentType ?? descriptions[0]?.contentType);
  const described = descriptions
    .map(({ correlationLocation }) => valueAt(correlationLocation, { headers, payload }))
    .find((found) => found !== undefined);
  const usual = Object.keys(headers).find((name) => correlationHeaders.has(name.toLowerCase()));
  const id = described ?? correlationId ?? (usual === undefined ? undefined : headers[usual]);
  return {
    ...(payload === undefined ? {} : { payload }),
    headers,
    ...(id === undefined ? {} : { correlationId: id }),
  };
}

/** The expressions of a subscription, asked about one message. */
export interface MessageExpressions {
  /** Whether the filter lets it through; one that fails on a message does not. */
  matches(message: AsyncapiInboundMessage): boolean;
  /** Whether it is the last: `while` no longer holds, or `until` does. Faults with `expression` where they fail. */
  isLast(message: AsyncapiInboundMessage): boolean;
}

export function messageExpressions({ receive, reference }: ReceiveMessagesRequest): MessageExpressions {
  const { filter, while: goesOn, until, scope } = receive;
  const holds = (expression: string, message: AsyncapiInboundMessage): boolean =>
    isTruthy(evaluateExpression(expression, { ...scope, input: asJson(message), now: Date.now }));
  return {
    matches(message) {
      if (filter === undefined) return true;
      try {
        return holds(filter, message);
      } catch (error) {
        if (error instanceof ExpressionError) return false;
        throw error;
      }
    },
    isLast(message) {
      try {
        if (goesOn !== undefined) return !holds(goesOn, message);
        return until !== undefined && holds(until, message);
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        throw standardFault('expression', reference, error.message, { cause: error });
      }
    },
  };
}

/** A message holds nothing but JSON. */
function asJson(message: AsyncapiInboundMessage): JsonObject {
  return { ...message };
}
