import type { Terminal } from './terminal.ts';

/** A terminal for tests: it keeps what was written. */
export interface RecordingTerminal extends Terminal {
  readonly written: { out: string; err: string };
}

/** Makes an empty one, without colours. */
export function recordingTerminal(interactive = false): RecordingTerminal {
  const written = { out: '', err: '' };
  return {
    written,
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    interactive,
    rows: 24,
    style: (_kind, text) => text,
  };
}
