import { checkDefinition, checkFunction } from '../../check.ts';

const header = `document: { dsl: '1.0.3', namespace: test, name: data, version: '1.0.0' }\n`;

/** What is wrong with one task of a definition, as code and pointer. */
function problems(task: string, more = ''): string[] {
  const checked = checkDefinition(`${header}${more}\ndo:\n  - step: ${task}\n`);
  return checked.ok ? [] : checked.errors.map(({ code, pointer }) => `${code} ${pointer}`);
}

const query = (members: string): string => `{ call: 'sql.query:1.0.0@default', with: { ${members} } }`;
const at = '/do/0/step/with';

test('a statement is a literal, and its values are parameters', () => {
  expect(problems(query(`binding: a, statement: 'SELECT $1', parameters: ['\${ .id }']`))).toEqual([]);
  expect(problems(query(`binding: a, statement: 'SELECT \${ .id }'`))).toEqual([`value ${at}/statement`]);
  expect(problems(query(`binding: a, statement: '\${ .statement }'`))).toEqual([`value ${at}/statement`]);
  expect(problems(query(`binding: '\${ .b }', statement: 'SELECT 1'`))).toEqual([`value ${at}/binding`]);
  expect(problems(query('binding: a'))).toEqual([`missing ${at}`]);
  expect(problems(query('binding: a, statement: 1'))).toEqual([`type ${at}/statement`]);
});

test('a statement does what its access says', () => {
  expect(problems(query(`binding: a, statement: 'DELETE FROM a'`))).toEqual([`value ${at}/statement`]);
  expect(problems(query(`binding: a, access: write, statement: 'DELETE FROM a'`))).toEqual([]);
  expect(problems(query(`binding: a, access: write, statement: 'DROP TABLE a'`))).toEqual([
    `value ${at}/statement`,
  ]);
});

test('in loose mode a text that is an expression is no literal', () => {
  const loose = 'evaluate: { mode: loose }';
  expect(problems(query(`binding: orders, statement: 'SELECT 1'`), loose)).toEqual([]);
  expect(problems(query(`binding: now, statement: 'SELECT 1'`), loose)).toEqual([`value ${at}/binding`]);
});

test('documents are in a binding that the definition names', () => {
  const put = (binding: string): string =>
    `{ call: 'store.put:1.0.0@default', with: { binding: ${binding}, key: '\${ .id }', value: '\${ . }' } }`;
  expect(problems(put('a'))).toEqual([]);
  expect(problems(put(`'\${ .binding }'`))).toEqual([`value ${at}/binding`]);
});

test("a definition's own default catalog has functions of its own", () => {
  const use = 'use: { catalogs: { default: { endpoint: https://catalog.example/ } } }';
  expect(problems(query(`statement: '\${ .any }'`), use)).toEqual([]);
});

test("the calls of Perdure's own are for its default catalog", () => {
  const call = `{ call: 'perdure:sql', with: { binding: a, statement: '\${ .s }', parameters: [], access: write } }`;
  expect(problems(call)).toEqual(['unknown-reference /do/0/step/call']);
  expect(problems(call, `use: { functions: { 'perdure:sql': { set: { a: 1 } } } }`)).toContain(
    'unknown-reference /do/0/step/call',
  );
  expect(checkFunction(call, 'strict')).toMatchObject({ ok: false });
  expect(checkFunction(call, 'strict', {}, true)).toMatchObject({ ok: true });
});
