import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { Json } from '../dsl/json.ts';
import type { Definition } from '../dsl/types.ts';
import { eventSignal, eventTriggerType } from '../workflows/contract.ts';
import type {
  CloudEvent,
  DeliveredEvent,
  EventTriggerArgument,
  RecordedSettings,
} from '../workflows/contract.ts';
import { definitionStart } from './definition-start.ts';
import { signalLanes } from './signal-lanes.ts';

export interface DeliverySettings extends RecordedSettings {
  readonly taskQueue: string;
}

interface TemporalDelivery {
  deliver(workflowId: string, delivered: DeliveredEvent): Promise<boolean>;
  start(workflowId: string, definition: Definition, input: Json): Promise<void>;
  collect(workflowId: string, definition: Definition, seed: string, event: CloudEvent): Promise<void>;
  endCollecting(workflowId: string): Promise<void>;
}

/** Events into executions through Temporal; what `EventDelivery` of the events' backends asks for. */
export function createEventDelivery(
  client: Client,
  { taskQueue, ...recorded }: DeliverySettings,
): TemporalDelivery {
  const signal = signalLanes<DeliveredEvent>((workflowId, batch) =>
    untilClosed(() => client.workflow.getHandle(workflowId).signal(eventSignal, batch)),
  );
  // One for each version of a definition that collects events: few, and most of the time only its id is needed.
  const collectors = new Map<string, EventTriggerArgument>();
  const collect = signalLanes<DeliveredEvent>(async (workflowId, batch) => {
    if (await untilClosed(() => client.workflow.getHandle(workflowId).signal(eventSignal, batch)))
      return true;
    const argument = collectors.get(workflowId);
    if (argument === undefined) throw new Error(`Nobody said what ${workflowId} collects for`);
    const { namespace, name } = argument.definition.document;
    await client.workflow.signalWithStart(eventTriggerType, {
      workflowId,
      taskQueue,
      args: [argument],
      signal: eventSignal,
      signalArgs: [batch],
      staticSummary: `Events that start ${namespace}/${name}`.slice(0, 100),
    });
    return true;
  });
  return {
    deliver: signal,
    async start(workflowId, definition, input) {
      const { type, options } = definitionStart(definition, input, recorded);
      try {
        await client.workflow.start(type, {
          ...options,
          workflowId,
          taskQueue,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowIdConflictPolicy: 'FAIL',
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
    async collect(workflowId, definition, seed, event) {
      collectors.set(workflowId, { definition, ...recorded, seed });
      await collect(workflowId, { seed, event });
    },
    async endCollecting(workflowId) {
      collectors.delete(workflowId);
      await untilClosed(() => client.workflow.getHandle(workflowId).cancel());
    },
  };
}

/** Resolves to false where no execution with the id is open. */
async function untilClosed(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
