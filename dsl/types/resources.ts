/** What a deploy reads from outside for a definition, so that its executions need nothing but their start argument. */
import type { Json } from '../json.ts';
import type { Task } from './task.ts';

export interface Resources {
  /** By what `call` says: the function's URI, or `name:version@catalog`. */
  readonly functions?: Readonly<Record<string, FunctionResource>>;
  /** By the URI of the schema's `resource`. */
  readonly schemas?: Readonly<Record<string, SchemaResource>>;
}

export interface FunctionResource {
  /** Where it was read. */
  readonly uri: string;
  /** Of its content, see `contentDigest`. */
  readonly digest: string;
  readonly task: Task;
}

export interface SchemaResource {
  /** Of its content, see `contentDigest`. */
  readonly digest: string;
  readonly document: Json;
}
