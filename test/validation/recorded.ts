/** Documents with the schema's verdict on them, written by `run.ts`: one JSON object a line. */
import { readFileSync } from 'node:fs';
import type { Mutant } from './mutant.ts';

/** A changed document of the corpus, with what the specification's schema says about it. */
export interface Recorded extends Mutant {
  readonly valid: boolean;
}

export function readRecorded(file: string): readonly Recorded[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Recorded);
}
