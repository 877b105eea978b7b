import type { Json } from '../../dsl/json.ts';
import type { Definition } from '../../dsl/types.ts';
import type { CloudEvent, DeliveredEvent } from '../../workflows/contract.ts';

/** How the router reaches executions. Each call resolves once Temporal has it, and may be repeated. */
export interface EventDelivery {
  /**
   * Hands an event to an execution, after those that were handed to it before. Resolves to false when no execution with
   * this id is open.
   */
  deliver(workflowId: string, delivered: DeliveredEvent): Promise<boolean>;
  /** Starts an execution, unless this id has been started before. */
  start(workflowId: string, definition: Definition, input: Json): Promise<void>;
  /**
   * Hands an event to the workflow that collects the events of a definition, after those that were handed to it before,
   * and starts that workflow where it is not open.
   */
  collect(workflowId: string, definition: Definition, seed: string, event: CloudEvent): Promise<void>;
  /** Asks the collecting workflow of a definition to end; nothing where there is none. */
  endCollecting(workflowId: string): Promise<void>;
}
