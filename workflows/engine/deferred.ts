/** Secrets never enter history: expressions that name one travel to the activity unevaluated. Design decision 7. */
import { freeVariables } from '../../dsl/evaluate.ts';
import { standardFault } from '../../dsl/errors.ts';
import { isJsonObject, pointerToken, type Json, type JsonObject } from '../../dsl/json.ts';
import {
  evaluateUriTemplate,
  expandAroundExpressions,
  isUriTemplatePlace,
  UriTemplateError,
} from '../../dsl/uri-template.ts';
import type { DeferredValues } from '../contract.ts';
import type { RunnableKind } from './position.ts';
import type { Run } from './runner.ts';

type Mode = 'strict' | 'loose';

const hidden = ['secrets', 'authorization'];

/** Whether an `input.from` names a secret. */
export function secretsIn(from: string | JsonObject | undefined, mode: Mode): boolean {
  if (from === undefined) return false;
  const names = freeVariables(from, { expression: typeof from === 'string', mode });
  return hidden.some((name) => names.has(name));
}

/** What evaluating a task's arguments needs of its run. */
type EvaluatingRun = Pick<
  Run<RunnableKind>,
  'execution' | 'task' | 'reference' | 'rawInput' | 'variables' | 'evaluateAll'
>;

/** The task's arguments with every expression evaluated but those that name a secret, or that stand on one. */
export function deferSecrets(
  args: JsonObject,
  input: Json,
  run: EvaluatingRun,
): DeferredValues & { readonly with: JsonObject } {
  const { execution, task } = run;
  const { mode } = execution;
  const inputFrom = secretsIn(task.input?.from, mode) ? task.input?.from : undefined;
  const deferred: Record<string, string> = {};

  // With an `input.from` that names a secret only the activity knows what templates stand for.
  const uriVariables = isJsonObject(input) ? input : {};
  const walk = (value: Json, pointer: string): Json => {
    if (typeof value === 'string') {
      const names = freeVariables(value, { expression: false, mode });
      const isTemplate = names.size > 0 || value.includes('${') || mode === 'loose';
      if (hidden.some((name) => names.has(name)) || (inputFrom !== undefined && isTemplate)) {
        const expands = inputFrom === undefined && isUriTemplatePlace(pointer);
        deferred[pointer] = expands ? expandAroundExpressions(value, uriVariables) : value;
        return null;
      }
      if (inputFrom !== undefined || !isUriTemplatePlace(pointer)) return run.evaluateAll(value, input);
      return evaluateUriTemplate(value, uriVariables, (text) => run.evaluateAll(text, input));
    }
    if (Array.isArray(value))
      return (value as readonly Json[]).map((item, index) => walk(item, `${pointer}/${index}`));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, walk(member, `${pointer}/${pointerToken(key)}`)]),
    );
  };

  const evaluated = expanding(run.reference, () => walk(args, '')) as JsonObject;
  if (Object.keys(deferred).length === 0) return { with: evaluated, deferred };
  const named = freeVariables([...Object.values(deferred), inputFrom ?? null], { expression: false, mode });
  const fromNames =
    typeof inputFrom === 'string' ? freeVariables(inputFrom, { expression: true, mode }) : named;
  const all: JsonObject = { context: execution.position.context, ...execution.descriptors, ...run.variables };
  const variables = Object.fromEntries(
    Object.entries(all).filter(([name]) => named.has(name) || fromNames.has(name)),
  );
  const seen = inputFrom === undefined ? { input } : { inputFrom };
  const limits = execution.expressionLimits;
  return { with: evaluated, deferred, scope: { rawInput: run.rawInput, ...seen, variables, mode, limits } };
}

function expanding(reference: string, expand: () => Json): Json {
  try {
    return expand();
  } catch (error) {
    if (error instanceof UriTemplateError)
      throw standardFault('expression', reference, error.message, { cause: error });
    throw error;
  }
}
