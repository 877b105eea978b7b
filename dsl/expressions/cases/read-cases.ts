import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An expression on an input with what comes of it. All but the expression are JSON texts. */
export interface Case {
  readonly family: string;
  readonly line: string;
  readonly input: string;
  readonly expression: string;
  /** An array of the outputs, or of an expression that fails the message. */
  readonly outputs: string | undefined;
  readonly message: string | undefined;
  /** jq, which made the others, makes something else of this one: a difference on purpose. */
  readonly differs: boolean;
}

/**
 * The cases of this folder, by family of built-ins a file, one a line: `input @ expression → outputs` with the input and
 * an array of all outputs as JSON, or `input @ expression ✗ message` for one that ends in that error. The sign `≠` in
 * the place of `→` stands where jq differs on purpose. `␤` in an expression is a line break, and lines that start with
 * `#` are comments.
 */
export function readCases(): readonly Case[] {
  return readdirSync(__dirname)
    .filter((file) => file.endsWith('.txt'))
    .flatMap((file) => {
      const lines = readFileSync(join(__dirname, file), 'utf8').split('\n');
      return lines
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => readCase(file.slice(0, -'.txt'.length), line));
    });
}

function readCase(family: string, line: string): Case {
  const [input, rest = ''] = cut(line, ' @ ');
  const [failing, message] = cut(rest, ' ✗ ');
  const [differing, ours] = cut(rest, ' ≠ ');
  const [agreeing, common] = cut(failing, ' → ');
  const expression = ours === undefined ? agreeing : differing;
  return {
    family,
    line,
    input,
    expression: expression.replaceAll('␤', '\n'),
    outputs: ours ?? common,
    message,
    differs: ours !== undefined,
  };
}

function cut(text: string, separator: string): readonly [before: string, after?: string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
