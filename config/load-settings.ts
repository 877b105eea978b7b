import { resolve } from 'node:path';
import { isJsonObject } from '../dsl/json.ts';
import type { JsonObject } from '../dsl/json.ts';
import { ConfigError } from './config-error.ts';
import type { ConfigProblem } from './config-error.ts';
import { readConfigFile } from './config-file.ts';
import type { ConfigFile, Path } from './config-file.ts';
import { defaults } from './defaults.ts';
import { environmentOverrides, variables } from './environment.ts';
import { interpolate } from './interpolate.ts';
import type { Environment } from './interpolate.ts';
import { nearestSetting } from './nearest-setting.ts';
import { fileSchema } from './schema.ts';
import type { CheckedFile } from './schema.ts';
import type { Settings } from './settings.ts';
import { lifecycleKindsOf } from '../workflows/contract.ts';

/** Where settings come from. */
export interface SettingsSources {
  /** The project's folder, absolute; relative paths in settings start there. */
  readonly root: string;
  readonly env: Environment;
  /** The configuration file; else `PERDURE_CONFIG` names it, else it is `temporal-config.yaml` in `root`, if there. */
  readonly file?: string;
}

/** The settings: defaults, then the file, then the environment. Fails with a {@link ConfigError} that lists everything. */
export function loadSettings({ root, env, file: named }: SettingsSources): Settings {
  const chosen = named ?? (env.PERDURE_CONFIG === '' ? undefined : env.PERDURE_CONFIG);
  const file = readConfigFile(resolve(root, chosen ?? 'temporal-config.yaml'), {
    required: chosen !== undefined,
  });
  const overrides = environmentOverrides(env);
  const problems: ConfigProblem[] = [];
  const written = file && resolveReferences(file, env, problems);
  // Something else than a mapping is kept for the schema to refuse.
  let merged = merge(defaults, written);
  for (const [path, value] of overrides) merged = withValue(merged, path.split('.'), value);

  const checked = fileSchema.safeParse(merged);
  for (const issue of checked.error?.issues ?? []) {
    const path = issue.path.map((segment) => (typeof segment === 'symbol' ? String(segment) : segment));
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
    for (const key of unknown) {
      const problem = problemAt(key === undefined ? path : [...path, key], { file, overrides, merged });
      const detail =
        key === undefined ? `expected ${issue.message}, found ${problem.found}` : unknownKey([...path, key]);
      // A value with an unresolved reference is wrong already.
      const known = problems.some((other) => other.path === problem.path && other.source === problem.source);
      if (!known) problems.push({ source: problem.source, line: problem.line, path: problem.path, detail });
    }
  }
  if (problems.length > 0 || checked.data === undefined) throw new ConfigError(problems);
  return settingsOf(checked.data, root);
}

/** The file's value with every text interpolated. */
function resolveReferences(file: ConfigFile, env: Environment, problems: ConfigProblem[]): unknown {
  function walk(value: unknown, path: Path): unknown {
    if (typeof value === 'string') {
      return interpolate(value, env, (detail) =>
        problems.push({ source: file.name, line: file.lineOf(path), path: path.join('.'), detail }),
      );
    }
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
  }
  return walk(file.value, []);
}

/** Mappings are merged by key, everything else replaces. A section or value that is left empty is not given. */
function merge(base: unknown, over: unknown): unknown {
  if (over === undefined || over === null) return base;
  if (!isJsonObject(base) || !isJsonObject(over)) return over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, merge(own(base, key), own(over, key))]));
}

function withValue(tree: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  // Where the file has something else than a section, the schema shall see and refuse that.
  if (!isJsonObject(tree)) return tree;
  return { ...tree, [key]: withValue(own(tree, key), rest, value) };
}

/** A name such as `constructor` must not find what every object has. */
function own(value: JsonObject, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

interface Origins {
  readonly file: ConfigFile | undefined;
  readonly overrides: ReadonlyMap<string, unknown>;
  readonly merged: unknown;
}

/** Where the value at `path` came from, and how it reads. */
function problemAt(
  path: Path,
  { file, overrides, merged }: Origins,
): { source: string; line?: number; path: string; found: string } {
  const name = path.join('.');
  const found = describe(name, valueAt(merged, path));
  const overridden = [...overrides.keys()].find((key) => name === key || name.startsWith(`${key}.`));
  const source = overridden === undefined ? undefined : variables[overridden];
  if (source !== undefined) return { source, path: name, found };
  return { source: file?.name ?? 'the defaults', line: file?.lineOf(path), path: name, found };
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const segment of path) {
    if (Array.isArray(current)) current = (current as readonly unknown[])[Number(segment)];
    else current = isJsonObject(current) ? own(current, String(segment)) : undefined;
  }
  return current;
}

const confidential = /^(?:api\.keys|temporal\.apiKey|bindings)\b/;

function describe(path: string, value: unknown): string {
  if (value === undefined) return 'nothing';
  if (confidential.test(path) && typeof value === 'string' && value !== '') {
    return `a text of ${value.length} characters`;
  }
  const text = JSON.stringify(value).replaceAll(/\/\/[^\s"]*@/g, '//***@');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function unknownKey(path: Path): string {
  const nearest = nearestSetting(path.join('.'));
  return nearest === undefined ? 'is not a setting' : `is not a setting; did you mean ${nearest}?`;
}

function settingsOf(file: CheckedFile, root: string): Settings {
  const { tls, ...temporal } = file.temporal;
  const fromRoot = (path: string | undefined) => path && resolve(root, path);
  const wanted = temporal.apiKey ?? tls.certFile ?? tls.keyFile ?? tls.caFile ?? tls.serverName;
  const useTls = tls.enabled === 'auto' ? wanted !== undefined : tls.enabled === 'true';
  return {
    ...file,
    lifecycle: lifecycleKindsOf(file.lifecycle),
    data: resolve(root, file.data),
    outgoing: {
      ...file.outgoing,
      grpc: { ...file.outgoing.grpc, protoFolder: fromRoot(file.outgoing.grpc.protoFolder) },
    },
    secrets: { ...file.secrets, folder: fromRoot(file.secrets.folder) },
    temporal: {
      ...temporal,
      tls: useTls
        ? {
            certFile: fromRoot(tls.certFile),
            keyFile: fromRoot(tls.keyFile),
            caFile: fromRoot(tls.caFile),
            serverName: tls.serverName,
          }
        : undefined,
    },
  };
}
