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
  /** What has become of an execution; `unknown` where Temporal has never had it, or has it no longer. */
  stateOf(workflowId: string): Promise<'open' | 'closed' | 'unknown'>;
  /** Fails when Temporal does not answer. */
  ping(): Promise<void>;
  /**
   * Who is to blame for a failure of the calls above. `away`: not the event, and the same call succeeds some time.
   * `too-large` and `refused`: Temporal will not take this very event. `unclear`: anything else.
   */
  failureOf(error: unknown): 'away' | 'too-large' | 'refused' | 'unclear';
}
