import type { Json } from '../../../dsl/json.ts';
import type { Execution } from '../../client.ts';
import type { Call } from './stand-ins/site.ts';

/** What there is to compare of one run. */
export interface Seen {
  readonly execution: Execution;
  readonly calls: readonly Call[];
  /** Events that executions published. */
  readonly events: readonly Json[];
  readonly issuedTokens: readonly string[];
  /** Messages that the source has not sent. */
  readonly messagesLeft: number;
  /** Names of containers that the run left when it ended. */
  readonly containersAtEnd: readonly string[];
  /** The same some seconds later, where that matters. */
  readonly containersLater: readonly string[];
  readonly pulls: number;
}
