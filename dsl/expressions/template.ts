import { ExpressionSyntaxError } from './errors.ts';
import { findClosingBrace } from './lexer.ts';

/** An expression inside a text of a definition: its source, and where that begins in the text (UTF-16 units from 0). */
export interface EmbeddedExpression {
  readonly source: string;
  readonly offset: number;
}

/** A text of a definition: plain, one whole expression, or text with expressions in it. */
export type Template =
  | { readonly kind: 'literal'; readonly text: string }
  | ({ readonly kind: 'expression' } & EmbeddedExpression)
  | { readonly kind: 'interpolation'; readonly parts: readonly (string | EmbeddedExpression)[] };

/**
 * Takes a text apart at its `${ … }`. The closing brace is found by jq's own rules, so that braces in strings, objects,
 * nested interpolations and comments are part of the expression. An unclosed `${` is an ExpressionSyntaxError.
 */
export function parseTemplate(text: string): Template {
  if (!text.includes('${')) return { kind: 'literal', text };
  const parts: (string | EmbeddedExpression)[] = [];
  let position = 0;
  for (;;) {
    const open = text.indexOf('${', position);
    if (open === -1) break;
    if (open > position) parts.push(text.slice(position, open));
    const start = open + 2;
    const end = findClosingBrace(text, start);
    parts.push({ source: text.slice(start, end), offset: start });
    position = end + 1;
  }
  if (position < text.length) parts.push(text.slice(position));
  const whole = parts.filter((part) => typeof part !== 'string' || part.trim() !== '');
  const [only] = whole;
  if (whole.length === 1 && only !== undefined && typeof only !== 'string') {
    return { kind: 'expression', ...only };
  }
  return { kind: 'interpolation', parts };
}

/** The expression in a field whose type is an expression: it may stand bare or inside one `${ … }`. */
export function expressionSource(text: string): EmbeddedExpression {
  if (!text.trimStart().startsWith('${')) return { source: text, offset: 0 };
  const template = parseTemplate(text);
  if (template.kind === 'expression') return { source: template.source, offset: template.offset };
  throw new ExpressionSyntaxError('Expected one expression, found text around ${ }', text, 0);
}
