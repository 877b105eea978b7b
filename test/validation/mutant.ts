import type { Json } from '../../dsl/json.ts';
import { edited } from './edit.ts';
import type { Edit } from './edit.ts';

/** A document of the corpus, or an example, with some changes. */
export interface Mutant {
  /** The name of its file. */
  readonly from: string;
  readonly edits: readonly Edit[];
}

/** The changed document. */
export function mutated({ from, edits }: Mutant, seeds: ReadonlyMap<string, Json>): Json {
  return edited(seeds.get(from) ?? null, edits);
}
