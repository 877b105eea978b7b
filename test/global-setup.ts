/** Bundles the workflows once for all tests that start workers, and fetches the Temporal CLI before the first of them. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporalCli } from '../temporal/find-cli.ts';
import { bundleWorkflows } from '../workers/bundle.ts';

export default async function globalSetup(): Promise<void> {
  const root = join(__dirname, '..');
  const print = (line: string): void => console.log(line);
  process.env['PERDURE_TEMPORAL_CLI'] = await findTemporalCli({ root, env: process.env, progress: print });
  const folder = await mkdtemp(join(tmpdir(), 'perdure-tests-'));
  const bundle = join(folder, 'workflows.js');
  await writeFile(bundle, await bundleWorkflows(root));
  process.env['PERDURE_WORKFLOW_BUNDLE'] = bundle;
}
