/** Deploys and runs the specification's examples to the outcomes that `outcomes.yaml` has. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { bubblewrap, ensureTools } from '../../system/packages.ts';
import { startExampleService } from './example-service.ts';
import { readOutcomes } from './outcomes.ts';
import type { Outcomes } from './outcomes.ts';
import { runExample } from './run-example.ts';
import type { Example, Surroundings } from './run-example.ts';
import { searchSecrets, secretTexts } from './search-secrets.ts';
import { startStandIns } from './stand-ins/start.ts';

export interface ExamplesOptions {
  /** The folder of the examples. */
  readonly folder: string;
  /** Names of the examples to run; all when empty. */
  readonly only: readonly string[];
}

/**
 * Prints a line for each example and each change that was made to it; resolves to the exit code: 0 when every example of
 * the folder has an outcome and meets it, and no secret is found in anything that the service leaves.
 */
export async function runExamples(root: string, { folder, only }: ExamplesOptions): Promise<number> {
  const outcomes = await readOutcomes();
  const all = await readExamples(folder);
  if (all === undefined) {
    console.log(`There are no examples in ${folder}: pass the folder of the specification's examples, as in`);
    console.log('  npm run conformance -- --examples PATH/TO/specification/examples');
    return 2;
  }
  const wrong = mismatches(all, outcomes, only);
  for (const line of wrong) console.log(line);
  if (wrong.length > 0) return 2;
  const examples = all.filter(({ name }) => only.length === 0 || only.includes(name));

  const needs = (process: string): boolean =>
    examples.some(({ text }) => new RegExp(`^ +${process}:`, 'm').test(text));
  if (needs('shell')) await ensureTools([bubblewrap]);
  const temporary = await mkdtemp(join(tmpdir(), 'perdure-examples-'));
  const standIns = await startStandIns(temporary, needs('container'));
  try {
    const service = await startExampleService(root, temporary, standIns);
    try {
      const code = await runAll(examples, outcomes, { service, standIns });
      const secrets = examples.flatMap(({ name }) => (outcomes[name] ?? []).flatMap(secretTexts));
      const isClean = await searchSecrets(service, [...secrets, ...standIns.issuedTokens()], 'example-r1');
      return isClean ? code : 1;
    } finally {
      await service.stop();
    }
  } finally {
    await standIns.close();
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The documents of the folder by name, or undefined where there are none. */
async function readExamples(folder: string): Promise<readonly Example[] | undefined> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.yaml')).toSorted();
  if (files.length === 0) return undefined;
  return Promise.all(
    files.map(async (file) => ({
      name: basename(file, '.yaml'),
      text: await readFile(join(folder, file), 'utf8'),
    })),
  );
}

function mismatches(examples: readonly Example[], outcomes: Outcomes, only: readonly string[]): string[] {
  const names = new Set(examples.map(({ name }) => name));
  return [
    ...[...names].filter((name) => outcomes[name] === undefined).map((name) => `${name} has no outcome`),
    ...Object.keys(outcomes)
      .filter((name) => !names.has(name))
      .map((name) => `there is an outcome but no example ${name}`),
    ...only.filter((name) => !names.has(name)).map((name) => `there is no example ${name}`),
  ];
}

async function runAll(
  examples: readonly Example[],
  outcomes: Outcomes,
  surroundings: Surroundings,
): Promise<number> {
  let failed = 0;
  let runs = 0;
  for (const example of examples) {
    const failures: string[] = [];
    const notes = new Set<string>();
    const changes = new Set<string>();
    for (const [index, outcome] of (outcomes[example.name] ?? []).entries()) {
      runs += 1;
      const result = await runExample(example, outcome, `r${runs}`, surroundings);
      if (index === 0) for (const change of result.changes) changes.add(change);
      for (const note of result.notes ?? []) notes.add(`run ${index + 1}: ${note}`);
      failures.push(...result.failures.map((failure) => `run ${index + 1}: ${failure}`));
    }
    if (failures.length > 0) failed += 1;
    console.log(`${failures.length === 0 ? 'ok    ' : 'FAILED'} ${example.name}`);
    for (const failure of failures) console.log(`         ${failure}`);
    for (const note of notes) console.log(`         ${note}`);
    for (const change of changes) console.log(`         ${example.name}.yaml: ${change}`);
  }
  console.log(`${runs} runs of ${examples.length} examples, 0 skipped`);
  console.log(`${examples.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
