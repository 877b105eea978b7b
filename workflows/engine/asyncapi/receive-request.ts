import type { JsonObject } from '../../../dsl/json.ts';
import type { CallRequest, ReceiveMessagesRequest } from '../../contract.ts';
import type { Run } from '../runner.ts';

/** What of a subscription stays the same from one request for messages to the next. */
export interface Reception {
  readonly request: CallRequest<JsonObject>;
  readonly filter?: string;
  readonly while?: string;
  readonly until?: string;
  /** Variables that the expressions name. */
  readonly names: ReadonlySet<string>;
  readonly amount?: number;
  readonly batch?: number;
  /** Whether the output keeps the messages. */
  readonly keeps: boolean;
  /** Whether anything is done with the messages. */
  readonly wanted: boolean;
}

const checkpointMs = 5 * 60_000;

/** The request for the messages that come next. */
export function receiveRequest(reception: Reception, run: Run<'call'>): ReceiveMessagesRequest {
  const { request, names, amount, batch, wanted } = reception;
  const { frame, execution, variables } = run;
  const { limits } = execution.start;
  const leftMs = frame.until === undefined ? Infinity : Math.max(0, frame.until - Date.now());
  const seen = { context: execution.position.context, ...execution.descriptors, ...variables };
  const done = batch === undefined ? (frame.output?.length ?? 0) : (frame.index ?? 0);
  return {
    ...request,
    receive: {
      ...given('filter', reception.filter),
      ...given('while', reception.while),
      ...given('until', reception.until),
      scope: {
        variables: Object.fromEntries(Object.entries(seen).filter(([name]) => names.has(name))),
        mode: execution.mode,
        limits: execution.expressionLimits,
      },
      ...given('amount', amount === undefined ? undefined : amount - done),
      ...given('batch', batch),
      forMs: Math.min(leftMs, checkpointMs),
      endsThen: leftMs <= checkpointMs,
      keeps: wanted,
      maxBytes: limits.payloadBytes - (batch === undefined ? (frame.outputBytes ?? 0) : 0),
    },
  };
}

function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [K in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [K in Name]?: Value });
}
