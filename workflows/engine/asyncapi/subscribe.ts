/** `call: asyncapi` with `subscription`: "AsyncAPI Subscription" and "AsyncAPI Subscription Lifetime". */
import { CancellationScope } from '@temporalio/workflow';
import { freeVariables, isTruthy } from '../../../dsl/evaluate.ts';
import { asJson, type Json, type JsonObject } from '../../../dsl/json.ts';
import type { AsyncapiSubscription } from '../../../dsl/types.ts';
import type { CallRequest } from '../../contract.ts';
import { callActivity } from '../call-activity.ts';
import { processEvent } from '../events/foreach.ts';
import { keepOutput } from '../events/kept-output.ts';
import { duration, scopeOf } from '../expressions.ts';
import { Stop } from '../pacing.ts';
import type { Outcome, Run } from '../runner.ts';
import { receiveRequest, type Reception } from './receive-request.ts';

/**
 * Receives messages until the subscription's lifetime is over and gives them in their order. Without `foreach` one
 * activity collects them and asks `while` and `until`. With it each message is worked through before the next one, and
 * these are asked here, in the context that its tasks may have changed. `request` holds everything but the subscription.
 */
export async function subscribe(
  subscription: AsyncapiSubscription,
  request: CallRequest<JsonObject>,
  input: Json,
  run: Run<'call'>,
): Promise<Outcome> {
  const { frame, execution, reference } = run;
  const { consume, foreach } = subscription;
  if (consume.for !== undefined) {
    frame.until ??= Date.now() + duration(consume.for, scopeOf(execution, input, run.variables), reference);
  }
  const reception = receptionOf(subscription, request, run);
  if (foreach === undefined) return receiveAll(reception, request, run);
  let stopped = false;
  try {
    return await receiveEach(subscription, reception, input, run);
  } catch (error) {
    stopped = error instanceof Stop;
    throw error;
  } finally {
    // The run that goes on from here asks for the next messages.
    if (!stopped) await close(request, run);
  }
}

/** Adds what each activity collected, until one says that it was the last. */
async function receiveAll(
  reception: Reception,
  request: CallRequest<JsonObject>,
  run: Run<'call'>,
): Promise<Outcome> {
  const { frame, execution } = run;
  while (frame.complete !== true) {
    try {
      const turn = execution.pacing.boundary();
      if (turn !== undefined) await turn;
    } catch (error) {
      // An activity that is cancelled closes the subscription; between two of them it is open.
      if (!(error instanceof Stop)) await close(request, run);
      throw error;
    }
    for (const message of await receive(reception, run)) keepOutput(message, run);
  }
  return { output: frame.output ?? [] };
}

async function receiveEach(
  { consume, foreach }: AsyncapiSubscription,
  reception: Reception,
  input: Json,
  run: Run<'call'>,
): Promise<Outcome> {
  const { frame, execution } = run;
  const queue = (frame.queue ??= []);
  for (;;) {
    const turn = execution.pacing.boundary();
    if (turn !== undefined) await turn;
    frame.item ??= queue.shift();
    if (frame.item === undefined) {
      if (frame.complete === true) return { output: frame.output ?? [] };
      queue.push(...(await receive(reception, run)));
      continue;
    }
    const { item } = frame;
    const outcome = await processEvent(foreach, item, input, run, '/with/subscription/foreach');
    if (outcome.then === 'end') return outcome;
    if (reception.keeps) keepOutput(outcome.output, run);
    delete frame.item;
    delete frame.list;
    frame.index = (frame.index ?? 0) + 1;
    if (consume.while !== undefined && !isTruthy(run.evaluate(consume.while, item))) frame.complete = true;
    if (consume.until !== undefined && isTruthy(run.evaluate(consume.until, item))) frame.complete = true;
  }
}

/** The next messages; notes in the frame when they are the last. Waits for at most five minutes: design decision 3. */
async function receive(reception: Reception, run: Run<'call'>): Promise<readonly Json[]> {
  const { limits } = run.execution.start;
  const request = receiveRequest(reception, run);
  const { messages, complete } = await callActivity(
    run,
    request,
    (activities, asked) => activities.receiveMessages(asked),
    { timeoutMs: request.receive.forMs + limits.callTimeoutMs, waits: true },
  );
  if (complete) run.frame.complete = run.frame.closed = true;
  return messages.map(asJson);
}

function receptionOf(
  { filter, consume, foreach }: AsyncapiSubscription,
  request: CallRequest<JsonObject>,
  run: Run<'call'>,
): Reception {
  const { mode } = run.execution;
  const isEndless = isLiteral(consume.while, 'true') || isLiteral(consume.until, 'false');
  const names = freeVariables(
    [filter, consume.while, consume.until].map((text) => text ?? null),
    {
      expression: false,
      mode,
    },
  );
  // What the filter makes of the next message may depend on what is done with this one, and so may the end.
  const isStepwise =
    (!isEndless && consume.amount === undefined) || (filter !== undefined && names.has('context'));
  return {
    request,
    filter,
    while: isEndless || foreach !== undefined ? undefined : consume.while,
    until: isEndless || foreach !== undefined ? undefined : consume.until,
    names,
    amount: consume.amount,
    batch: foreach === undefined ? undefined : isStepwise ? 1 : maxBatch,
    keeps: !isEndless,
    wanted: foreach !== undefined || !isEndless,
  };
}

const maxBatch = 100;

/** Whether an expression is this word alone, marked or not. */
function isLiteral(expression: string | undefined, word: string): boolean {
  return expression?.replace(/^\s*\$\{(.*)\}\s*$/s, '$1').trim() === word;
}

/** Lets the subscription go, whatever else was cancelled. */
async function close({ idempotencyKey }: CallRequest<JsonObject>, run: Run<'call'>): Promise<void> {
  const { execution, record, name, frame } = run;
  // The activity that received the last message has closed it.
  if (frame.closed === true) return;
  // A reference of its own: an activity that was cancelled a moment ago still has the task's as its id.
  const reference = `${run.reference}/with/subscription`;
  await CancellationScope.nonCancellable(() =>
    callActivity(
      { execution, record, name, reference },
      { reference, idempotencyKey },
      (activities, request) => activities.closeMessages(request),
    ),
  );
}
