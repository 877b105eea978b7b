/** Values that are found again wherever they show up, whole or in part, however they were written down. */
import { randomInt } from 'node:crypto';

/**
 * A secret of three random pieces. Escapes for JSON, URLs, HTML and the like change what stands between the pieces and
 * leave the pieces alone; a text that is cut off keeps at least one of them.
 */
export interface Canary {
  readonly name: string;
  readonly pieces: readonly string[];
  readonly value: string;
}

const pieceLength = 8;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A new canary whose pieces are joined by `between`. */
export function newCanary(name: string, between = ''): Canary {
  const piece = (): string =>
    Array.from({ length: pieceLength }, () => letters[randomInt(letters.length)]).join('');
  const pieces = [piece(), piece(), piece()];
  return { name, pieces, value: pieces.join(between) };
}
