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
import { deliveryFailure } from './delivery-failure.ts';
import type { DeliveryFailure } from './delivery-failure.ts';
import { signalLanes } from './signal-lanes.ts';

export interface DeliverySettings extends RecordedSettings {
  readonly taskQueue: string;
  /** Signals a second to one execution in the long run. */
  readonly signalsPerSecond: number;
}

interface TemporalDelivery {
  deliver(workflowId: string, delivered: DeliveredEvent): Promise<boolean>;
  start(workflowId: string, definition: Definition, input: Json): Promise<void>;
  collect(workflowId: string, definition: Definition, seed: string, event: CloudEvent): Promise<void>;
  endCollecting(workflowId: string): Promise<void>;
  stateOf(workflowId: string): Promise<'open' | 'closed' | 'unknown'>;
  ping(): Promise<void>;
  failureOf(error: unknown): DeliveryFailure;
}

/** How long one call may take before it counts as failed, in milliseconds; whoever called tries again. */
const callMs = 10_000;

/** Events into executions through Temporal; what `EventDelivery` of the events' backends asks for. */
export function createEventDelivery(
  client: Client,
  { taskQueue, signalsPerSecond, ...recorded }: DeliverySettings,
): TemporalDelivery {
  // In a lane calls run in the name of whoever came first, whose own deadline is not the others'.
  const timely = <T>(call: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + callMs, call);
  const lanes = {
    perSecond: signalsPerSecond,
    isRefusal: (error: unknown) => ['too-large', 'refused'].includes(deliveryFailure(error)),
  };
  const signalOpen = (workflowId: string, batch: readonly DeliveredEvent[]): Promise<boolean> =>
    whereOpen(() => timely(() => client.workflow.getHandle(workflowId).signal(eventSignal, batch)));
  // One for each version of a definition that collects events: few, and most of the time only its id is needed.
  const collectors = new Map<string, EventTriggerArgument>();
  const collect = signalLanes<DeliveredEvent>(async (workflowId, batch) => {
    if (await signalOpen(workflowId, batch)) return true;
    const argument = collectors.get(workflowId);
    if (argument === undefined) throw new Error(`Nobody said what ${workflowId} collects for`);
    const { namespace, name } = argument.definition.document;
    await timely(() =>
      client.workflow.signalWithStart(eventTriggerType, {
        workflowId,
        taskQueue,
        args: [argument],
        signal: eventSignal,
        signalArgs: [batch],
        staticSummary: `Events that start ${namespace}/${name}`.slice(0, 100),
      }),
    );
    return true;
  }, lanes);
  return {
    deliver: signalLanes<DeliveredEvent>(signalOpen, lanes),
    async start(workflowId, definition, input) {
      const { type, options } = definitionStart(definition, input, recorded);
      try {
        await timely(() =>
          client.workflow.start(type, {
            ...options,
            workflowId,
            taskQueue,
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            workflowIdConflictPolicy: 'FAIL',
          }),
        );
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
      await whereOpen(() => timely(() => client.workflow.getHandle(workflowId).cancel()));
    },
    async stateOf(workflowId) {
      let status = '';
      const isKnown = await whereOpen(async () => {
        const found = await timely(() => client.workflow.getHandle(workflowId).describe());
        status = found.status.name;
      });
      if (!isKnown) return 'unknown';
      return closedStatuses.has(status) ? 'closed' : 'open';
    },
    async ping() {
      const { namespace } = client.options;
      await timely(() => client.workflowService.describeNamespace({ namespace }));
    },
    failureOf: deliveryFailure,
  };
}

// Any other may go on: what continued as new does, and what a newer server calls otherwise is nothing to guess at.
const closedStatuses: ReadonlySet<string> = new Set([
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TERMINATED',
  'TIMED_OUT',
]);

/** Resolves to false where no execution with the id is open. */
async function whereOpen(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
