/** What an SQL statement does, as far as its first word tells. */

const reading: ReadonlySet<string> = new Set(['SELECT', 'TABLE', 'VALUES', 'WITH']);
const writing: ReadonlySet<string> = new Set(['DELETE', 'INSERT', 'MERGE', 'REPLACE', 'UPDATE']);

/** For messages. */
export const statementWords: readonly string[] = [...reading, ...writing];

/**
 * `read` for a statement that begins like one that gives rows, although it may write by what it calls; `write` for one
 * that changes rows; undefined for any other: transactions, settings and definitions of tables are none of a definition's
 * business, and some of them end the transaction that a statement runs in.
 */
export function statementKind(statement: string): 'read' | 'write' | undefined {
  // Comments that MySQL runs (`/*!`, `/*M!`) are none.
  const body = statement.replace(/^(?:[\s(]|--[^\n]*(?:\n|$)|\/\*(?!M?!)[^]*?\*\/)*/, '');
  const word = /^[A-Za-z]+/.exec(body)?.[0].toUpperCase() ?? '';
  if (reading.has(word)) return 'read';
  return writing.has(word) ? 'write' : undefined;
}
