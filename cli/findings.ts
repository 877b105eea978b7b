import type { Finding } from './responses.ts';
import { printable } from './terminal.ts';

/** What is wrong with a document, as compilers say it: `file:line:column: message (code)` and the line itself. */
export function formatFindings(
  file: string,
  source: string,
  findings: readonly Finding[],
  kind = '',
): string {
  const lines = source.split(/\r?\n/);
  return findings
    .map(({ line, column, message, code, pointer }) => {
      const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
      const said = `${place}: ${kind}${printable(message)}${code === undefined ? '' : ` (${code})`}`;
      const text = line === undefined ? undefined : lines[line - 1];
      if (text === undefined) return `${said}${pointer ? ` at ${pointer}` : ''}\n`;
      // Tabs count as one column in the position, so they become one space in the line.
      const shown = printable(text.replaceAll('\t', ' ')).trimEnd();
      return `${said}\n  ${line} | ${shown}\n  ${' '.repeat(String(line).length)} | ${' '.repeat((column ?? 1) - 1)}^\n`;
    })
    .join('');
}
