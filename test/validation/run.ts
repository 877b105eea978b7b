/**
 * Compares validation with the specification's JSON Schema, on its examples and on documents with random changes.
 *
 *     npm run conformance:schema -- SCHEMA EXAMPLES [--seed N] [--count N] [--record FILE]
 *
 * Fails where validation is laxer than the schema, where it is stricter without a reason in `stricter.ts`, where a
 * reason there is not shown by its witness, where an example is refused, and where fewer than 30 or more than 70 percent
 * of the changed documents are valid. `--record` keeps 300 verdicts of the schema for `recorded.test.ts`, which has no
 * schema to ask.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Json } from '../../dsl/json.ts';
import { randomFrom } from '../random.ts';
import { agreementOn, isShownBy } from './agreement.ts';
import { mutated } from './mutant.ts';
import { mutants } from './mutate.ts';
import { oracleFrom } from './oracle.ts';
import type { Oracle } from './oracle.ts';
import type { Recorded } from './recorded.ts';
import { seedsFrom } from './seeds.ts';
import { stricter } from './stricter.ts';
import type { Strictness } from './stricter.ts';

const usage = 'npm run conformance:schema -- SCHEMA EXAMPLES [--seed N] [--count N] [--record FILE]';
const corpus = join(import.meta.dirname, 'corpus');

/** Counts while documents are compared. */
interface Tally {
  compared: number;
  valid: number;
  laxer: number;
  stricter: number;
  unexplained: number;
  readonly reasons: Map<Strictness, number>;
}

function compare(document: Json, label: string, oracle: Oracle, tally: Tally): void {
  const valid = oracle(document);
  tally.compared += 1;
  if (valid) tally.valid += 1;
  const agreement = agreementOn(document, valid);
  if (agreement.kind === 'laxer') {
    tally.laxer += 1;
    console.log(`LAXER      ${label}`);
  }
  if (agreement.kind !== 'stricter') return;
  tally.stricter += 1;
  for (const reason of new Set(agreement.reasons)) {
    tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
  }
  for (const { pointer, code, message } of agreement.unexplained) {
    tally.unexplained += 1;
    console.log(`NO REASON  ${label}\n           ${pointer} ${code}: ${message}`);
  }
}

/** Every example must be valid for both; gives the number of those that are not. */
function compareExamples(what: string, examples: ReadonlyMap<string, Json>, oracle: Oracle): number {
  let refused = 0;
  for (const [name, document] of examples) {
    const valid = oracle(document);
    if (valid && agreementOn(document, valid).kind === 'agree') continue;
    refused += 1;
    console.log(`${valid ? 'REFUSED    ' : 'NOT VALID  '}${name}`);
  }
  console.log(`${examples.size} ${what}, ${examples.size - refused} valid for both`);
  return refused;
}

function compareMutants(
  seeds: ReadonlyMap<string, Json>,
  oracle: Oracle,
  { seed, count }: { readonly seed: number; readonly count: number },
): Tally {
  const tally: Tally = { compared: 0, valid: 0, laxer: 0, stricter: 0, unexplained: 0, reasons: new Map() };
  for (const mutant of mutants(seeds, randomFrom(seed))) {
    if (tally.compared === count) break;
    compare(mutated(mutant, seeds), `${mutant.from} ${JSON.stringify(mutant.edits)}`, oracle, tally);
  }
  return tally;
}

/** Each reason must have a document that the schema takes and validation refuses for it; gives the number of others. */
function checkReasons(seeds: ReadonlyMap<string, Json>, oracle: Oracle): number {
  const idle = stricter.filter((reason) => {
    const document = mutated(reason.witness, seeds);
    return !oracle(document) || !isShownBy(document, reason);
  });
  for (const { code, reason } of idle) console.log(`NOT SHOWN  ${code ?? 'any'}: ${reason}`);
  return idle.length;
}

function print(tally: Tally): void {
  const share = ((100 * tally.valid) / tally.compared).toFixed(1);
  console.log(`${tally.compared} changed documents, ${tally.valid} valid by the schema (${share} %)`);
  console.log(`laxer than the schema: ${tally.laxer}`);
  console.log(`stricter: ${tally.stricter}, findings without a reason: ${tally.unexplained}`);
  for (const reason of stricter) {
    console.log(
      `${String(tally.reasons.get(reason) ?? 0).padStart(6)}  ${reason.code ?? 'any'}: ${reason.reason}`,
    );
  }
}

/** As many valid as invalid documents, with changes that a person can read. */
async function record(
  file: string,
  seeds: ReadonlyMap<string, Json>,
  oracle: Oracle,
  seed: number,
): Promise<void> {
  const kept: Record<'valid' | 'invalid', string[]> = { valid: [], invalid: [] };
  for (const mutant of mutants(seeds, randomFrom(seed))) {
    const recorded: Recorded = { ...mutant, valid: oracle(mutated(mutant, seeds)) };
    const lines = recorded.valid ? kept.valid : kept.invalid;
    const line = JSON.stringify(recorded);
    if (lines.length < 150 && line.length < 200) lines.push(line);
    if (kept.valid.length + kept.invalid.length === 300) break;
  }
  await writeFile(file, [...kept.valid, ...kept.invalid, ''].join('\n'));
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      count: { type: 'string', default: '5000' },
      record: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [schema, folder] = positionals;
  if (values.help || schema === undefined || folder === undefined) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const oracle = oracleFrom(schema);
  const own = seedsFrom(corpus);
  const examples = seedsFrom(folder);
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  console.log(`seed ${seed}`);
  const wrong =
    compareExamples('examples', examples, oracle) +
    compareExamples('documents of our own', own, oracle) +
    checkReasons(own, oracle);
  const tally = compareMutants(new Map([...own, ...examples]), oracle, { seed, count: Number(values.count) });
  print(tally);
  if (values.record !== undefined) await record(values.record, own, oracle, seed);
  const share = tally.valid / tally.compared;
  const good = wrong + tally.laxer + tally.unexplained === 0 && share >= 0.3 && share <= 0.7;
  return good ? 0 : 1;
}

process.exitCode = await main();
