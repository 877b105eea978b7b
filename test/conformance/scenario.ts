import type { Json, JsonObject } from '../../dsl/json.ts';

/** One scenario of the conformance kit as data. */
export interface Scenario {
  readonly id: string;
  readonly definition: JsonObject;
  readonly input?: Json;
  readonly asserts: readonly Assertion[];
  /** Public hosts that the definition calls. */
  readonly hosts: readonly string[];
}

export type Assertion =
  | {
      readonly type: 'status';
      readonly status: 'complete' | 'fault' | 'cancel';
      readonly output?: Json;
      readonly error?: Json;
    }
  | { readonly type: 'hasProperties'; readonly paths: readonly string[] }
  | { readonly type: 'propertyValue'; readonly path: string; readonly value: Json }
  | { readonly type: 'propertyCount'; readonly path: string; readonly count: number }
  | {
      readonly type: 'taskOrder';
      readonly task: string;
      readonly order: 'first' | 'last' | 'before' | 'after';
      readonly other?: string;
    };

/** How a scenario's execution ended, as the API told it. */
export interface Ending {
  readonly status: 'complete' | 'fault' | 'cancel';
  readonly output: Json;
  readonly error: Json;
  /** Names of the tasks in the order in which they started. */
  readonly started: readonly string[];
}
