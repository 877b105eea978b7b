/** Runtime expressions: that they parse, and that they name only what has a value where they stand. */
import {
  compileExpression,
  expressionSource,
  ExpressionSyntaxError,
  parseTemplate,
} from '../expressions/index.ts';
import type { EmbeddedExpression } from '../expressions/index.ts';
import { isJsonObject } from '../json.ts';
import type { Json } from '../json.ts';
import { describeValue, quote, suggestion } from '../wording.ts';
import { secretVariables } from './expression-scope.ts';
import { below, report } from './place.ts';
import type { Place, Rule } from './place.ts';
import { reportType, textOrObject } from './rules.ts';
import { variableUses } from './variable-uses.ts';
import type { VariableUse } from './variable-uses.ts';

/** A field whose type is an expression: bare, or inside of `${ }`. */
export const expression: Rule = (value, place) => {
  if (typeof value !== 'string') return reportType(value, place, 'a runtime expression, a text');
  if (value.trim() === '')
    return report(place, 'value', 'expected a runtime expression, found an empty text');
  const embedded = parsed(value, place, () => expressionSource(value));
  if (embedded !== undefined) checkExpression(embedded, value, place);
};

/** Any value: the expressions in its texts are checked, at any depth. */
export const template: Rule = (value, place) => {
  if (typeof value === 'string') checkText(value, place);
  else if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly Json[]).entries()) template(item, below(place, index));
  } else if (isJsonObject(value)) {
    for (const [key, member] of Object.entries(value)) template(member, below(place, key));
  }
};

/** A text that may hold expressions. */
export const templateText: Rule = (value, place) => {
  if (typeof value === 'string') checkText(value, place);
  else reportType(value, place, 'a text');
};

/** `input.from`, `output.as`, `export.as`: an expression, or an object with expressions inside. */
export const transformation: Rule = textOrObject('a runtime expression or an object', expression, template);

/** An object with expressions inside. */
export const templateObject: Rule = (value, place) => {
  if (isJsonObject(value)) template(value, place);
  else reportType(value, place, 'an object');
};

/** A field that takes an expression only in `${ }`, not bare. */
export const markedExpression: Rule = (value, place) => {
  if (typeof value !== 'string') return reportType(value, place, 'a runtime expression in ${ }');
  if (!isMarkedExpression(value)) return reportUnmarked(value, place);
  templateText(value, place);
};

/**
 * Whether the text begins with `${` and ends with `}` on one line, as the specification has it for fields that take
 * something else as well ("runtimeExpression" in its schema).
 */
export function isMarkedExpression(text: string): boolean {
  return /^\s*\$\{.+\}\s*$/.test(text);
}

/** Reports a text that ought to be an expression in `${ }`, and says what is missing. */
function reportUnmarked(value: string, place: Place): void {
  const found = /^\s*\$\{[^]+\}\s*$/.test(value)
    ? 'one with line breaks; write it on one line'
    : describeValue(value);
  report(place, 'format', `expected a runtime expression in \${ }, found ${found}`);
}

/** Whether a text holds no expression, so that it stands for itself. What does not parse counts as one. */
export function isLiteralText(text: string): boolean {
  return !text.includes('${');
}

/** Whether any expression in the value names a secret. What does not parse names none: it has its own finding. */
export function namesSecret(value: Json, form: 'expression' | 'template'): boolean {
  if (typeof value === 'string') {
    try {
      const sources = form === 'expression' ? [expressionSource(value)] : embeddedIn(value);
      return sources.some(({ source }) =>
        [...secretVariables].some((name) => freeVariables(source).has(name)),
      );
    } catch (error) {
      if (error instanceof ExpressionSyntaxError) return false;
      throw error;
    }
  }
  if (Array.isArray(value)) return (value as readonly Json[]).some((item) => namesSecret(item, 'template'));
  return isJsonObject(value) && Object.values(value).some((member) => namesSecret(member, 'template'));
}

function checkText(value: string, place: Place): void {
  const found = parsed(value, place, () => embeddedIn(value)) ?? [];
  for (const embedded of found) checkExpression(embedded, value, place);
  // In loose mode any text is tried as an expression, and stays a text where it is none.
  if (found.length === 0 && place.context.mode === 'loose') checkLoose(value, place);
}

function embeddedIn(value: string): readonly EmbeddedExpression[] {
  const taken = parseTemplate(value);
  if (taken.kind === 'expression') return [taken];
  if (taken.kind === 'literal') return [];
  return taken.parts.filter((part) => typeof part !== 'string');
}

function checkLoose(value: string, place: Place): void {
  try {
    compileExpression(value);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return;
    throw error;
  }
  // Only what could leak a secret is refused: any other text may be meant as it stands.
  for (const use of freeUses(value)) if (secretVariables.has(use.name)) checkSecret(use, 0, place);
}

function checkExpression({ source, offset }: EmbeddedExpression, value: string, place: Place): void {
  const uses = parsed(value, place, () => freeUses(source), offset) ?? [];
  for (const use of uses) {
    if (secretVariables.has(use.name)) checkSecret(use, offset, place);
    else checkAvailable(use, offset, place);
  }
}

function checkSecret(use: VariableUse, offset: number, place: Place): void {
  const mark = { offset: offset + use.offset };
  if (!place.scope.secrets) {
    const message = `$${use.name} may stand only in authentication, in the "with" of a protocol's call, in the "run" of a process and in that task's "input.from"; here its value would enter the workflow's history`;
    return report(place, 'secret-in-data', message, mark);
  }
  const { isFunction, names } = place.context;
  if (isFunction && use.name === 'secrets') {
    const message = '$secrets has no value in a function that stands in a document of its own';
    return report(place, 'unavailable-variable', message, mark);
  }
  const { secrets } = names;
  if (use.name === 'secrets' && use.member !== undefined && !secrets.has(use.member)) {
    const hint = suggestion(use.member, secrets);
    report(
      place,
      'unknown-reference',
      `no secret ${quote(use.member)} is listed in use.secrets${hint}`,
      mark,
    );
  }
}

function checkAvailable(use: VariableUse, offset: number, place: Place): void {
  const { scope } = place;
  const mark = { offset: offset + use.offset };
  if (use.name === 'input' && scope.secretInput) {
    const message = '$input may not be used here: this task\'s "input.from" names a secret';
    return report(place, 'secret-in-data', message, mark);
  }
  if (scope.variables.has(use.name) || scope.open) return;
  const names = [...scope.variables];
  const near = suggestion(use.name, names).replace('"', '"$');
  const are = names.length === 1 ? 'is' : 'are';
  const hint = near === '' ? `; there ${are} ${names.map((name) => `$${name}`).join(', ')}` : near;
  report(place, 'unavailable-variable', `$${use.name} has no value here${hint}`, mark);
}

/** Each free variable of an expression at its first use, and each secret that it names. */
function freeUses(source: string): readonly VariableUse[] {
  const free = freeVariables(source);
  if (free.size === 0) return [];
  const seen = new Map<string, VariableUse>();
  for (const use of variableUses(source)) {
    const key = use.name === 'secrets' ? `secrets.${use.member ?? ''}` : use.name;
    if (free.has(use.name) && !seen.has(key)) seen.set(key, use);
  }
  return [...seen.values()];
}

function freeVariables(source: string): ReadonlySet<string> {
  return compileExpression(source).variables;
}

function parsed<Result>(value: string, place: Place, parse: () => Result, offset = 0): Result | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    // A mistake at the very end belongs to the last character: behind it there is nothing to point at.
    const at = Math.min(offset + error.offset, Math.max(value.length - 1, 0));
    const message = `the expression cannot be parsed: ${error.message.replace(/\.$/, '')}`;
    report(place, 'expression', message, { offset: at });
    return undefined;
  }
}
