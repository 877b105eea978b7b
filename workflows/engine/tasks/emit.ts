import type { Json, JsonObject } from '../../../dsl/json.ts';
import type { CloudEvent } from '../../contract.ts';
import { callActivity } from '../call-activity.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import type { Runner } from '../runner.ts';

/**
 * Publishes a CloudEvent and gives it as output. Its id is derived from the execution and the task unless the definition
 * sets one, so that a repeated activity publishes the same event. Open Workflow DSL, "Emit" and "Event Properties".
 */
export const runEmit: Runner<'emit'> = async (task, input, run) => {
  const given = run.evaluateAll(task.emit.event.with, input) as JsonObject;
  const { namespace, name, version } = run.execution.start.definition.document;
  const event: CloudEvent = {
    ...given,
    specversion: '1.0',
    id: text(given['id']) ?? idempotencyKey(run.execution.position.seed, run.path),
    source: text(given['source']) ?? `/${namespace}/${name}/${version}`,
    type: text(given['type']) ?? '',
    time: text(given['time']) ?? new Date(run.startedAt).toISOString(),
    ...(given['data'] === undefined || given['datacontenttype'] !== undefined
      ? {}
      : { datacontenttype: 'application/json' }),
  };
  await callActivity(run, { reference: run.reference, event }, (activities, request) =>
    activities.publishEvent(request),
  );
  return { output: event };
};

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
