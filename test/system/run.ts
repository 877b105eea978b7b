/**
 * `npm run test:system`: what a browser shows and what the image does. Installs what is missing on Debian as root.
 * `.ci/skip` may name checks that a machine cannot run, one a line, with the reason after `#`.
 */
import { resolve } from 'node:path';
import { readSkipList } from '../skip-list.ts';
import { checkContainers } from './containers.ts';
import { checkComposeFiles, checkDockerfile } from './docker-files.ts';
import { checkImage } from './image.ts';
import { checkSandbox } from './sandbox.ts';
import { checkWebUi } from './web-ui.ts';

const root = resolve(import.meta.dirname, '../..');

const checks: Readonly<Record<string, (root: string) => Promise<void>>> = {
  'web-ui': checkWebUi,
  sandbox: checkSandbox,
  dockerfile: checkDockerfile,
  'compose-files': checkComposeFiles,
  containers: checkContainers,
  image: checkImage,
};

const wanted = process.argv.slice(2);
const skipped = await readSkipList(root);
const count = { passed: 0, failed: 0, skipped: 0 };

for (const [name, check] of Object.entries(checks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const reason = skipped.get(name);
  if (reason === undefined) await run(name, check);
  else {
    console.log(`skipped ${name}: ${reason}`);
    count.skipped += 1;
  }
}
const tail = count.skipped === 0 ? '' : `, ${count.skipped} skipped`;
console.log(`${count.passed} passed, ${count.failed} failed${tail}`);
process.exitCode = count.failed === 0 && count.passed > 0 ? 0 : 1;

async function run(name: string, check: (root: string) => Promise<void>): Promise<void> {
  const start = performance.now();
  console.log(`running ${name}`);
  try {
    await check(root);
    console.log(`passed ${name} (${((performance.now() - start) / 1000).toFixed(0)} s)`);
    count.passed += 1;
  } catch (error) {
    console.error(error);
    console.log(`failed ${name}`);
    count.failed += 1;
  }
}
