import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What `.ci/skip` names: checks that a machine cannot run, one a line, with the reason after `#`. */
export async function readSkipList(root: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(root, '.ci/skip'), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.split('#', 2).map((part) => part.trim()));
  return new Map(lines.map(([name = '', reason = 'named in .ci/skip']) => [name, reason]));
}
