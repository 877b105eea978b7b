/** Data steps: the calls of Perdure's own, and what their functions ask of a definition. docs/data-steps.md. */
import { compileExpression, ExpressionSyntaxError } from '../../expressions/index.ts';
import { isJsonObject } from '../../json.ts';
import type { Json } from '../../json.ts';
import { catalogedName } from '../../resolve/function-uri.ts';
import { statementKind, statementWords } from '../../sql-statement.ts';
import { describeValue, orList } from '../../wording.ts';
import { isLiteralText, template, templateText } from '../expressions.ts';
import { below, report } from '../place.ts';
import type { Place, Rule } from '../place.ts';
import { object, oneOf } from '../rules.ts';

const storeArguments = object({
  title: 'a store call',
  required: ['operation', 'binding'],
  fields: {
    operation: oneOf('get', 'put', 'delete', 'scan'),
    binding: templateText,
    key: templateText,
    value: template,
    expect: template,
    prefix: templateText,
    limit: template,
    cursor: template,
    reverse: template,
  },
});

const sqlArguments = object({
  title: 'an SQL call',
  required: ['binding', 'statement', 'parameters', 'access'],
  fields: { binding: templateText, statement: templateText, parameters: template, access: templateText },
});

/** The calls of Perdure's own, which only functions of its default catalog may use, and the arguments of each. */
export const ownArguments = { 'perdure:store': storeArguments, 'perdure:sql': sqlArguments };

const storeFunctions: ReadonlySet<string> = new Set(['store.get', 'store.put', 'store.delete', 'store.scan']);

/**
 * The further rule for `with` where `call` names a data step of the default catalog: data chooses neither a database nor
 * a statement.
 */
export function dataStepRule(call: string): Rule | undefined {
  const { name = '', catalog } = catalogedName(call) ?? {};
  const rule = name === 'sql.query' ? sqlStep : storeFunctions.has(name) ? literalBinding : undefined;
  if (catalog !== 'default' || rule === undefined) return undefined;
  return (value, place) => {
    // A catalog of the definition's own may stand in the place of Perdure's.
    if (!place.context.names.catalogs.has('default')) rule(value, place);
  };
}

const literalBinding: Rule = (value, place) => {
  literalMember('binding', value, place);
};

const sqlStep: Rule = (value, place) => {
  literalBinding(value, place);
  const statement = literalMember('statement', value, place);
  if (statement === undefined || !isJsonObject(value)) return;
  const at = below(place, 'statement');
  const kind = statementKind(statement);
  if (kind === undefined) {
    report(at, 'value', `expected one statement that begins with ${orList(statementWords)}`);
  } else if (kind === 'write' && (value.access === undefined || value.access === 'read')) {
    report(at, 'value', 'the statement writes: add `access: write` beside it');
  }
};

/** The member's text, where it has no expression; reports any other. */
function literalMember(name: string, value: Json, place: Place): string | undefined {
  if (!isJsonObject(value)) return undefined;
  const member = value[name];
  const at = below(place, name);
  if (member === undefined) {
    report(place, 'missing', `the call needs "${name}", a text without expressions`);
  } else if (typeof member !== 'string') {
    report(at, 'type', `expected a text without expressions, found ${describeValue(member)}`);
  } else if (!isLiteralText(member) || (place.context.mode === 'loose' && isExpression(member))) {
    const instead = name === 'statement' ? '; give values as `parameters`' : '';
    report(at, 'value', `the ${name} of a data step is a literal, found an expression${instead}`);
  } else return member;
  return undefined;
}

/** In loose mode any text that is an expression is taken for one. */
function isExpression(text: string): boolean {
  try {
    compileExpression(text);
    return true;
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return false;
    throw error;
  }
}
