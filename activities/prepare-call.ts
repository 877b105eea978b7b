import { standardFault } from '../dsl/errors.ts';
import { evaluateExpression, evaluateValue } from '../dsl/evaluate.ts';
import type { Scope } from '../dsl/evaluate.ts';
import { defaultExpressionLimits, ExpressionError, ExpressionSyntaxError } from '../dsl/expressions/index.ts';
import { atPointer, isJsonObject } from '../dsl/json.ts';
import type { Json, JsonObject } from '../dsl/json.ts';
import {
  evaluateUriTemplate,
  isUriTemplatePlace,
  uriTemplatePlaces,
  UriTemplateError,
} from '../dsl/uri-template.ts';
import type { CallRequest } from '../workflows/contract.ts';
import { resolveAuthentication } from './authentication/authentication.ts';
import type { Authorization } from './authentication/authentication.ts';
import { replaceAtPointer } from './replace-at-pointer.ts';
import type { Redactor } from './secrets/redaction.ts';
import { namedSecrets } from './secrets/secrets.ts';
import type { CallSecrets } from './secrets/secrets.ts';

/** A call with nothing left to evaluate. It holds secrets: it never leaves the activity. */
export interface PreparedCall {
  readonly arguments: JsonObject;
  /** Of the authentication that the call itself names. */
  readonly authorization?: Authorization;
  /** Resolves another policy in the arguments, as of a document. */
  authorize(policy: Json | undefined): Authorization | undefined;
}

export interface PrepareOptions {
  readonly secrets: CallSecrets;
  readonly redactor: Redactor;
  /** JSON Pointers of the authentication policies in the arguments; the first is the call's own. */
  readonly policies: readonly [string, ...string[]];
}

/**
 * Evaluates what the engine left to the activity, because it names a secret or the authorization (decision 7). The
 * policies come first, since `$authorization` is what they resolve to.
 */
export function prepareCall<Arguments extends object>(
  request: CallRequest<Arguments>,
  { secrets, redactor, policies }: PrepareOptions,
): PreparedCall {
  const scope = callScope(request, secrets);
  // The engine expands URI templates unless their variables come out of an `input.from` that names a secret.
  const uriVariables = request.scope?.inputFrom === undefined ? undefined : membersOf(scope.input);
  const isPolicy = (pointer: string): boolean =>
    policies.some((policy) => pointer === policy || pointer.startsWith(`${policy}/`));
  const evaluated = (value: JsonObject, within: Scope, chosen: (pointer: string) => boolean): JsonObject => {
    let result: Json = value;
    for (const [pointer, text] of Object.entries(request.deferred)) {
      if (!chosen(pointer)) continue;
      const run = (given: string): Json => evaluate(given, within, request.reference, secrets);
      const isTemplate = uriVariables !== undefined && isUriTemplatePlace(pointer);
      const given = isTemplate ? expanded(text, uriVariables, request.reference, run) : run(text);
      result = replaceAtPointer(result, pointer, given);
    }
    if (isJsonObject(result)) return result;
    throw standardFault('configuration', request.reference, 'with must be an object');
  };

  const authorize = (policy: Json | undefined): Authorization | undefined => {
    if (policy === undefined || policy === null) return undefined;
    const authorization = resolveAuthentication(policy, { reference: request.reference, secrets });
    // `user:password` in base64 holds the secret, but not in any form that can be found in it.
    const plain = Buffer.from(authorization.parameter, 'base64').toString();
    if (redactor.finds(authorization.parameter) || redactor.finds(plain))
      redactor.learn(authorization.parameter);
    return authorization;
  };

  const written =
    uriVariables === undefined
      ? asJson(request.with)
      : withLiteralTemplates(asJson(request.with), uriVariables, request.reference);
  const withPolicies = evaluated(written, scope, isPolicy);
  const authorization = authorize(atPointer(withPolicies, policies[0]));
  const descriptor: Json = authorization === undefined ? null : { ...authorization };
  const fullScope = { ...scope, variables: { ...scope.variables, authorization: descriptor } };
  return {
    arguments: evaluated(withPolicies, fullScope, (pointer) => !isPolicy(pointer)),
    authorization,
    authorize,
  };
}

function callScope(request: CallRequest<object>, secrets: CallSecrets): Scope {
  const { scope, reference } = request;
  const base = {
    now: Date.now,
    limits: scope?.limits ?? defaultExpressionLimits,
    mode: scope?.mode ?? 'strict',
    variables: { ...scope?.variables, secrets: secrets.values },
  } as const;
  // Without a scope nothing in the arguments is deferred.
  let input: Json = null;
  if (scope?.inputFrom !== undefined) {
    input = evaluateInput(scope.inputFrom, { ...base, input: scope.rawInput }, reference, secrets);
  } else if (scope?.input !== undefined) input = scope.input;
  return { ...base, input, variables: { ...base.variables, input } };
}

/** `input.from` is an expression, bare or marked, or an object with expressions in it. */
function evaluateInput(from: Json, scope: Scope, reference: string, secrets: CallSecrets): Json {
  if (typeof from !== 'string') return evaluate(from, scope, reference, secrets);
  for (const name of namedSecrets(from)) secrets.use(name);
  return orExpressionFault(reference, () => evaluateExpression(from, scope));
}

function evaluate(value: Json, scope: Scope, reference: string, secrets: CallSecrets): Json {
  for (const name of namedSecrets(value)) secrets.use(name);
  return orExpressionFault(reference, () => evaluateValue(value, scope));
}

function orExpressionFault(reference: string, run: () => Json): Json {
  try {
    return run();
  } catch (error) {
    if (error instanceof ExpressionError || error instanceof ExpressionSyntaxError) {
      throw standardFault('expression', reference, error.message, { cause: error });
    }
    throw error;
  }
}

/** The arguments with the templates expanded that stand there without any expression. */
function withLiteralTemplates(args: JsonObject, variables: JsonObject, reference: string): JsonObject {
  let result: Json = args;
  for (const pointer of uriTemplatePlaces) {
    const text = atPointer(args, pointer);
    if (typeof text !== 'string') continue;
    result = replaceAtPointer(
      result,
      pointer,
      expanded(text, variables, reference, (given) => given),
    );
  }
  return isJsonObject(result) ? result : args;
}

function expanded(text: string, variables: JsonObject, reference: string, run: (text: string) => Json): Json {
  try {
    return evaluateUriTemplate(text, variables, run);
  } catch (error) {
    if (!(error instanceof UriTemplateError)) throw error;
    throw standardFault('expression', reference, error.message, { cause: error });
  }
}

function membersOf(input: Json): JsonObject {
  return isJsonObject(input) ? input : {};
}

/** Arguments and policies are JSON: they came out of a Temporal payload. */
function asJson(value: object): JsonObject {
  return value as JsonObject;
}
