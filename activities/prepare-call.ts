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
import type { Authorization } from './authentication/authorization.ts';
import type { CallEnvironment } from './http/exchange.ts';
import type { Patience } from './patience.ts';
import { replaceAtPointer } from './replace-at-pointer.ts';
import type { Redactor } from './secrets/redaction.ts';
import { namedSecrets } from './secrets/secrets.ts';
import type { CallSecrets } from './secrets/secrets.ts';

/** A call with nothing left to evaluate. It holds secrets: it never leaves the activity. */
export interface PreparedCall {
  readonly arguments: JsonObject;
  /** Of the authentication that the call itself names. */
  readonly authorization?: Authorization;
  /** Resolves another policy in the arguments, as of a document. It may ask an authority for a token. */
  authorize(policy: Json | undefined): Promise<Authorization | undefined>;
  /** What is left of the call's time, in milliseconds: at least 1. */
  remainingMs(): number;
}

export interface PrepareOptions {
  readonly secrets: CallSecrets;
  readonly environment: Pick<CallEnvironment, 'redactor' | 'tokens' | 'signal'>;
  /** JSON Pointers of the authentication policies in the arguments; the first is the call's own. */
  readonly policies: readonly [string, ...string[]];
}

/**
 * Evaluates what the engine left to the activity, because it names a secret or the authorization (decision 7). The
 * policies come first, since `$authorization` is what they resolve to. Faults with what a policy or an expression fails.
 */
export async function prepareCall<Arguments extends object>(
  request: CallRequest<Arguments>,
  { secrets, environment: { redactor, tokens, signal }, policies }: PrepareOptions,
): Promise<PreparedCall> {
  const until = Date.now() + request.timeoutMs;
  const remainingMs = (): number => Math.max(1, until - Date.now());
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
      if (seesHidden(text, within)) learnDerived(given, redactor);
      result = replaceAtPointer(result, pointer, given);
    }
    if (isJsonObject(result)) return result;
    throw standardFault('configuration', request.reference, 'with must be an object');
  };

  const authorize = async (policy: Json | undefined): Promise<Authorization | undefined> => {
    if (policy === undefined || policy === null) return undefined;
    const patience = (): Patience => ({ timeoutMs: remainingMs(), signal });
    const { reference } = request;
    const authorization = await resolveAuthentication(policy, {
      reference,
      secrets,
      redactor,
      tokens,
      patience,
    });
    // `user:password` in base64 holds the secret, but not in any form that can be found in it if that is short.
    const { parameter } = authorization;
    const plain = Buffer.from(parameter, 'base64').toString();
    if ([parameter, plain, ...plain.split(':')].some((text) => redactor.finds(text)))
      redactor.learn(parameter);
    return authorization;
  };

  const written =
    uriVariables === undefined
      ? asJson(request.with)
      : withLiteralTemplates(asJson(request.with), uriVariables, request.reference);
  const withPolicies = evaluated(written, scope, isPolicy);
  const authorization = await authorize(atPointer(withPolicies, policies[0]));
  const { scheme, parameter } = authorization ?? {};
  const descriptor: Json = scheme === undefined || parameter === undefined ? null : { scheme, parameter };
  const fullScope = { ...scope, variables: { ...scope.variables, authorization: descriptor } };
  return {
    arguments: evaluated(withPolicies, fullScope, (pointer) => !isPolicy(pointer)),
    authorization,
    authorize,
    remainingMs,
  };
}

function namesHidden(text: string): boolean {
  return /\$(?:secrets|authorization)\b/.test(text);
}

/** Whether the expression has anything to hide: `$authorization` says nothing secret before a server's challenge. */
function seesHidden(text: string, { variables }: Scope): boolean {
  const { authorization } = variables;
  return (
    /\$secrets\b/.test(text) ||
    (namesHidden(text) && isJsonObject(authorization) && authorization.parameter !== '')
  );
}

/** Shorter texts are rather a choice that an expression made by a secret than the secret in another form. */
const shortestDerived = 8;

/** What an expression makes of a secret, as in capitals or base64, is one as well. */
function learnDerived(value: Json, redactor: Redactor): void {
  if (typeof value !== 'string' || value.length < shortestDerived || redactor.finds(value)) return;
  redactor.learn(value);
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
  return orExpressionFault(reference, from, () => evaluateExpression(from, scope));
}

function evaluate(value: Json, scope: Scope, reference: string, secrets: CallSecrets): Json {
  for (const name of namedSecrets(value)) secrets.use(name);
  return orExpressionFault(reference, value, () => evaluateValue(value, scope));
}

/** The message shows no value where the expression names a secret: it may be a part of that. */
function orExpressionFault(reference: string, expression: Json, run: () => Json): Json {
  try {
    return run();
  } catch (error) {
    if (error instanceof ExpressionError || error instanceof ExpressionSyntaxError) {
      const { message } = error;
      const shown = namesHidden(JSON.stringify(expression)) ? message.replaceAll(quoted, '"***"') : message;
      throw standardFault('expression', reference, shown, { cause: error });
    }
    throw error;
  }
}

const quoted = /"(?:[^"\\]|\\.)*"|'[^]*'/g;

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
