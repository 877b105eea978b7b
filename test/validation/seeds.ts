/** Reads the documents that are changed: `corpus/` beside this file has every construct of the language. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Json } from '../../dsl/json.ts';

/** The YAML documents of a folder by file name. */
export function seedsFrom(folder: string): ReadonlyMap<string, Json> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return new Map(
    files.toSorted().map((name) => [name, parse(readFileSync(join(folder, name), 'utf8')) as Json] as const),
  );
}
