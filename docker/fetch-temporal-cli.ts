/** Puts the Temporal CLI into the image, for its build: `node docker/fetch-temporal-cli.ts FILE`. */
import { copyFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findTemporalCli } from '../temporal/find-cli.ts';

const root = resolve(import.meta.dirname, '..');
const target = process.argv[2];

try {
  if (target === undefined) throw new Error('Say where to put it: fetch-temporal-cli.ts FILE');
  const found = await findTemporalCli({ root, env: process.env, progress: (line) => console.log(line) });
  await copyFile(found, target);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
