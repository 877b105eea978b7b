import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { isJsonObject } from '../dsl/json.ts';
import { defaults } from './defaults.ts';
import { variables } from './environment.ts';
import { settingPaths } from './nearest-setting.ts';

const root = resolve(__dirname, '..');
const page = readFileSync(resolve(root, 'docs/configuration.md'), 'utf8');
const shipped = readFileSync(resolve(root, 'temporal-config.yaml'), 'utf8');

function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce((inner, key) => (isJsonObject(inner) ? inner[key] : undefined), value);
}

/** One row a setting: `name`, default, environment, meaning. */
const rows = [...page.matchAll(/^\| `([\w.]+)` +\| (.*?) *\| (.*?) *\| (.*?) *\|$/gm)].map((match) => ({
  path: match[1] ?? '',
  fallback: match[2]?.replaceAll('`', '').trim() ?? '',
  variable: match[3]?.replaceAll('`', '').trim() ?? '',
  meaning: match[4] ?? '',
}));

test('docs/configuration.md lists every setting, in order, with its default and variable', () => {
  expect(rows.map((row) => row.path)).toEqual(settingPaths);
  for (const { path, fallback, variable, meaning } of rows) {
    const value = valueAt(defaults, path);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    expect({ path, fallback, variable }).toEqual({ path, fallback: text, variable: variables[path] ?? '' });
    expect(meaning).not.toBe('');
  }
});

test('temporal-config.yaml holds every setting and names its variable', () => {
  const file: unknown = parse(shipped);
  for (const path of settingPaths) {
    expect([path, valueAt(file, path)]).toEqual([path, expect.anything()]);
    const variable = variables[path];
    if (variable !== undefined) expect(shipped).toMatch(new RegExp(`# .*\\b${variable}\\b`));
  }
});

test('every variable belongs to a setting', () => {
  expect(settingPaths).toEqual(expect.arrayContaining(Object.keys(variables)));
});
