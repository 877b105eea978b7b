import { createHash } from 'node:crypto';
import { standardFault } from '../../../dsl/errors.ts';
import { durationMs, InvalidDurationError } from '../../../dsl/duration.ts';
import { isJsonObject } from '../../../dsl/json.ts';
import type { Json, JsonObject } from '../../../dsl/json.ts';
import type { Duration } from '../../../dsl/types.ts';
import type { ProcessRequest } from '../../../workflows/contract.ts';
import { processArguments, requiredText } from '../process-arguments.ts';
import type { ProcessArguments } from '../process-arguments.ts';

/** A container as a definition describes it, checked ("Container Process"). */
export interface ContainerDescription extends ProcessArguments {
  readonly image: string;
  readonly name: string;
  readonly command?: string;
  readonly ports: readonly (readonly [host: string, container: string])[];
  readonly volumes: readonly (readonly [source: string, target: string])[];
  readonly pullPolicy: 'ifNotPresent' | 'always' | 'never';
  readonly cleanup: 'always' | 'never' | 'eventually';
  /** For `eventually`: how long after its end the container is removed, in milliseconds. */
  readonly removeAfterMs?: number;
}

const pullPolicies = ['ifNotPresent', 'always', 'never'] as const;
const cleanups = ['always', 'never', 'eventually'] as const;

/** Reads a container's description. Faults with `configuration` where an expression gave something that does not fit. */
export function containerDescription(described: JsonObject, request: ProcessRequest): ContainerDescription {
  const { reference } = request;
  const { lifetime = { cleanup: 'never' } } = described;
  if (!isJsonObject(lifetime)) throw standardFault('configuration', reference, 'lifetime must be an object');
  const cleanup = oneOf(cleanups, lifetime['cleanup'] ?? 'never', 'lifetime.cleanup', reference);
  return {
    ...processArguments(described, reference),
    image: requiredText(described, 'image', reference),
    name: given(described, 'name') ? requiredText(described, 'name', reference) : recommendedName(request),
    command: given(described, 'command') ? requiredText(described, 'command', reference) : undefined,
    ports: pairs(described['ports'], 'ports', reference),
    volumes: pairs(described['volumes'], 'volumes', reference),
    pullPolicy: oneOf(pullPolicies, described['pullPolicy'] ?? 'ifNotPresent', 'pullPolicy', reference),
    cleanup,
    removeAfterMs: cleanup === 'eventually' ? delay(lifetime['after'], reference) : undefined,
  };
}

function given(described: JsonObject, name: string): boolean {
  return described[name] !== undefined && described[name] !== null;
}

/** `{workflow.name}-{uuid}.{workflow.namespace}-{task.name}`, as the reference recommends; the same for each attempt. */
function recommendedName({ workflow, task, idempotencyKey, taskRun }: ProcessRequest): string {
  const unique = createHash('sha256').update(`${idempotencyKey} ${taskRun}`).digest('hex').slice(0, 12);
  const name = `${workflow.name}-${unique}.${workflow.namespace}-${task}`;
  return name.replace(/[^\w.-]/g, '_').slice(0, 200);
}

function oneOf<Choice extends string>(
  choices: readonly Choice[],
  value: Json,
  what: string,
  reference: string,
): Choice {
  const chosen = choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  throw standardFault('configuration', reference, `${what} must be one of ${choices.join(', ')}`);
}

function pairs(value: Json | undefined, what: string, reference: string): [string, string][] {
  if (value === undefined || value === null) return [];
  if (!isJsonObject(value)) throw standardFault('configuration', reference, `${what} must be an object`);
  return Object.entries(value).map(([from, to]): [string, string] => {
    if (typeof to === 'string' || typeof to === 'number') return [from, String(to)];
    throw standardFault('configuration', reference, `${what}: "${from}" must lead to a text or a number`);
  });
}

function delay(after: Json | undefined, reference: string): number {
  try {
    return durationMs(after as Duration);
  } catch (error) {
    if (!(error instanceof InvalidDurationError) && !(error instanceof TypeError)) throw error;
    throw standardFault('configuration', reference, `lifetime.after: ${error.message}`, { cause: error });
  }
}
