/**
 * Validation against the specification's schema where the schema is not at hand: what it said about 300 documents was
 * recorded. `npm run conformance:schema` asks the schema itself, about many more.
 */
import { join } from 'node:path';
import { checkDefinition } from '../../dsl/check.ts';
import { agreementOn, isShownBy } from './agreement.ts';
import { mutated } from './mutant.ts';
import { readRecorded } from './recorded.ts';
import { seedsFrom } from './seeds.ts';
import { stricter } from './stricter.ts';

const corpus = seedsFrom(join(__dirname, 'corpus'));
const recorded = readRecorded(join(__dirname, 'verdicts.jsonl'));

test.each([...corpus.keys()])('%s, a document of our own, is valid', (name) => {
  expect(checkDefinition(JSON.stringify(corpus.get(name)))).toMatchObject({ ok: true, warnings: [] });
});

test('half of the recorded documents are valid by the schema', () => {
  expect(recorded).toHaveLength(300);
  expect(recorded.filter(({ valid }) => valid)).toHaveLength(150);
});

test('no document is let through that the schema refuses', () => {
  const laxer = recorded.filter(
    (mutant) => agreementOn(mutated(mutant, corpus), mutant.valid).kind === 'laxer',
  );
  expect(laxer).toEqual([]);
});

test('what is refused beyond the schema has a reason', () => {
  const unexplained = recorded.flatMap((mutant) => {
    const agreement = agreementOn(mutated(mutant, corpus), mutant.valid);
    return agreement.kind === 'stricter'
      ? agreement.unexplained.map((finding) => ({ ...mutant, finding }))
      : [];
  });
  expect(unexplained).toEqual([]);
});

test.each(stricter)('$code: $reason', (reason) => {
  expect(isShownBy(mutated(reason.witness, corpus), reason)).toBe(true);
});
