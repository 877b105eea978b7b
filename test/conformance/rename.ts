/**
 * Renames a scenario's tasks and data keys, so that an engine which knows the kit's words fails. The words of the
 * language and of the services that are called stay.
 */
import { isJsonObject, type Json, type JsonObject } from '../../dsl/json.ts';
import { randomFrom } from '../random.ts';
import type { Assertion, Scenario } from './scenario.ts';

const listKeys = new Set(['do', 'try', 'branches', 'compensate']);

interface Names {
  readonly tasks: ReadonlyMap<string, string>;
  /** Keys that the definition makes itself. */
  readonly made: ReadonlyMap<string, string>;
  /** Keys of the input. */
  readonly given: ReadonlyMap<string, string>;
}

/** The scenario under other names. */
export function renamed(scenario: Scenario, seed: number): Scenario {
  const next = randomFrom(seed);
  const invent = (prefix: string): string => `${prefix}${Math.floor(next() * 1e9).toString(36)}`;
  const mapping = (words: Iterable<string>, prefix: string): Map<string, string> =>
    new Map([...new Set(words)].map((word) => [word, invent(prefix)]));

  const given = mapping(keysOf(scenario.input ?? null), 'k');
  const made = mapping(madeKeys(scenario.definition), 'm');
  // A key that the input has and a task makes again is one word.
  for (const [word, name] of given) if (made.has(word)) made.set(word, name);
  const names: Names = { tasks: mapping(taskNames(scenario.definition), 't'), made, given };
  // What a service answers keeps its names; only without one do the input's keys come out at the other end.
  const inAsserts = scenario.hosts.length === 0 ? new Map([...given, ...made]) : made;
  return {
    ...scenario,
    definition: { ...scenario.definition, do: renameTasks(scenario.definition['do'] ?? [], names) },
    input: renameKeys(scenario.input ?? null, given),
    asserts: scenario.asserts.map((assertion) => renameAssertion(assertion, names.tasks, inAsserts)),
  };
}

function taskNames(value: Json, inList = false): string[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => taskNames(item, inList));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    inList ? [key, ...taskNames(member)] : taskNames(member, listKeys.has(key) && Array.isArray(member)),
  );
}

function keysOf(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => keysOf(item));
  return isJsonObject(value)
    ? Object.entries(value).flatMap(([key, member]) => [key, ...keysOf(member)])
    : [];
}

/** Keys that `set` and event data write, and variables that `for` and `catch` name. */
function madeKeys(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => madeKeys(item));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (key === 'set' || key === 'data') return keysOf(member);
    if ((key === 'each' || key === 'as') && typeof member === 'string' && /^[a-z]+$/i.test(member))
      return [member];
    return madeKeys(member);
  });
}

function renameTasks(list: Json, names: Names): Json {
  const walk = (value: Json, key: string, inList: boolean): Json => {
    if (typeof value === 'string') return renameText(value, key, names);
    if (Array.isArray(value)) return value.map((item: Json) => walk(item, key, inList));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => {
        if (inList) return [names.tasks.get(name) ?? name, walk(member, name, false)];
        if (name === 'set' || name === 'data') return [name, renameMade(member, names)];
        return [name, walk(member, name, listKeys.has(name) && Array.isArray(member))];
      }),
    );
  };
  return walk(list, 'do', true);
}

/** `set` and event data: keys and the expressions in their values. */
function renameMade(value: Json, names: Names): Json {
  if (typeof value === 'string') return renameText(value, '', names);
  if (Array.isArray(value)) return value.map((item: Json) => renameMade(item, names));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [names.made.get(key) ?? key, renameMade(member, names)]),
  );
}

const expressionKeys = new Set(['when', 'in', 'from', 'if', 'while']);

function renameText(text: string, key: string, names: Names): string {
  if (key === 'then') return names.tasks.get(text) ?? text;
  if (key === 'each' || (key === 'as' && names.made.has(text))) return names.made.get(text) ?? text;
  const words = new Map([...names.given, ...names.made]);
  if (text.includes('${') || expressionKeys.has(key)) return replaceWords(text, words);
  // In a URI only the variables of its template are the input's.
  return text.replaceAll(/\{(\w+)\}/g, (all, word: string) => `{${words.get(word) ?? word}}`);
}

function replaceWords(text: string, words: ReadonlyMap<string, string>): string {
  return text.replaceAll(/[A-Za-z_]\w*/g, (word) => words.get(word) ?? word);
}

function renameKeys(value: Json, words: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((item: Json) => renameKeys(item, words));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [words.get(key) ?? key, renameKeys(member, words)]),
  );
}

function renameAssertion(
  assertion: Assertion,
  tasks: ReadonlyMap<string, string>,
  words: ReadonlyMap<string, string>,
): Assertion {
  const path = (text: string): string => replaceWords(text, words);
  switch (assertion.type) {
    case 'status': {
      const { error, output, ...rest } = assertion;
      return {
        ...rest,
        ...(output === undefined ? {} : { output: renameKeys(output, words) }),
        ...(isJsonObject(error) ? { error: withInstance(error, tasks) } : {}),
      };
    }
    case 'hasProperties':
      return { ...assertion, paths: assertion.paths.map(path) };
    case 'propertyValue': {
      const value = assertion.path.endsWith('.instance')
        ? replaceWords(JSON.stringify(assertion.value).slice(1, -1), tasks)
        : renameKeys(assertion.value, words);
      return { ...assertion, path: path(assertion.path), value };
    }
    case 'propertyCount':
      return { ...assertion, path: path(assertion.path) };
    case 'taskOrder': {
      const { task, other } = assertion;
      return {
        ...assertion,
        task: tasks.get(task) ?? task,
        ...(other === undefined ? {} : { other: tasks.get(other) ?? other }),
      };
    }
  }
}

/** An error's pointer names tasks; the rest of it is the language's own. */
function withInstance(error: JsonObject, tasks: ReadonlyMap<string, string>): JsonObject {
  const { instance } = error;
  return typeof instance === 'string' ? { ...error, instance: replaceWords(instance, tasks) } : error;
}
