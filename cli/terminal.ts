import { styleText } from 'node:util';

/** Where a command writes: results to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** True where lines can be drawn over. */
  readonly interactive: boolean;
  readonly rows: number;
  readonly style: (kind: Style, text: string) => string;
}

export type Style = 'good' | 'bad' | 'busy' | 'faint';

const colours = { good: 'green', bad: 'red', busy: 'cyan', faint: 'dim' } as const;

/** The terminal of this process. Colours only where it is a terminal and NO_COLOR is not set. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  const interactive = stdout.isTTY;
  const coloured = interactive && (process.env.NO_COLOR ?? '') === '';
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    interactive,
    // Some terminals say 0 when they do not know.
    rows: stdout.rows > 0 ? stdout.rows : 24,
    style: (kind, text) => (coloured ? styleText(colours[kind], text, { validateStream: false }) : text),
  };
}

/** Text from a workflow or a server, made harmless for a terminal: control characters become spaces. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}

/** Text as one word of a command for the shell. */
export function shellWord(text: string): string {
  const shown = printable(text);
  return /^[\w./:@%+=-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", String.raw`'\''`)}'`;
}
