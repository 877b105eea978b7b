import type { Json } from '../dsl/json.ts';
import type { Definition } from '../dsl/types.ts';
import type {
  HttpCallRequest,
  LoadDefinitionRequest,
  OpenapiCallRequest,
  PublishEventRequest,
} from '../workflows/contract.ts';

/** Every activity that the engine calls. All are safe to repeat: Temporal runs them at least once. */
export interface Activities {
  /** Sends one HTTP request and gives its `output` form: content, raw (base64) or response. */
  callHttp(request: HttpCallRequest): Promise<Json>;
  /** Sends the request that an OpenAPI operation describes. */
  callOpenapi(request: OpenapiCallRequest): Promise<Json>;
  /** Publishes a CloudEvent; the same event id on every attempt. */
  publishEvent(request: PublishEventRequest): Promise<void>;
  /** Does nothing: its round trip gives other executions their turn on the worker. */
  yieldTurn(): Promise<void>;
  /** Reads a deployed definition for `run: workflow`. */
  loadDefinition(request: LoadDefinitionRequest): Promise<Definition>;
}
