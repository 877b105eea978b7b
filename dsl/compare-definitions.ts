/** In which ways two versions of a definition differ for an execution that runs one of them. */
import { asJson, atPointer, canonicalJson, isJsonObject, pointerToken } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { longestRise } from './longest-rise.ts';
import { extensionLists, nestedLists } from './nested-lists.ts';
import type { NestedList } from './nested-lists.ts';
import type { Definition } from './types.ts';

/** One way in which two versions of a definition differ. */
export interface DefinitionDifference {
  /** JSON Pointer in the version that has it: the new one but for `removed`. */
  readonly reference: string;
  readonly change: 'added' | 'removed' | 'changed' | 'moved';
  /** For `moved`: the pointer in the old version. */
  readonly from?: string;
}

/** Something that is found again in the other version by its name, among those that stand beside it. */
interface Part {
  readonly name: string;
  readonly pointer: string;
  readonly value: Json;
}

type ListsOf = (value: JsonObject) => readonly NestedList[];

const parts = [
  '/document/metadata/onFault',
  '/input',
  '/timeout',
  '/output',
  '/schedule',
  '/evaluate',
  '/use/secrets',
];

/** Catalogs are not among them: what was read from them is. */
const namedParts = [
  '/use/authentications',
  '/use/errors',
  '/use/retries',
  '/use/timeouts',
  '/resources/functions',
  '/resources/schemas',
];

/**
 * Finds each task of one version in the other by its name within its list.
 *
 * - `added` and `removed` stand for the task with all that is in it.
 * - `changed` is a task whose own fields differ. Tasks within it are told of by themselves; whether it has a list at all,
 *   `catch.do` or `metadata.compensate`, is its own.
 * - `moved` is a task that passed others of its list: the fewest that must have, so that neither the tasks behind one that
 *   was put in, nor those that another one passed, have moved. Such a task can have changed as well.
 *
 * The same holds for extensions. Other parts that executions feel are compared as a whole; what the deploys read, functions
 * of catalogs and schemas, under `/resources`, a member that no written document has. Names, versions, catalogs and free
 * metadata of the document are left out.
 *
 * The order is always the same: parts, functions, extensions, tasks; in each list what was removed, then the others as they
 * stand in the new version, each with what is in it.
 */
export function compareDefinitions(from: Definition, to: Definition): readonly DefinitionDifference[] {
  const [old, recent] = [asJson(from), asJson(to)];
  return [
    ...compare(partsOf(old), partsOf(recent), () => []),
    ...compare(membersAt(old, '/use/functions'), membersAt(recent, '/use/functions'), nestedLists),
    ...compare(itemsAt(old, '/use/extensions'), itemsAt(recent, '/use/extensions'), extensionLists),
    ...compare(itemsAt(old, '/do'), itemsAt(recent, '/do'), nestedLists),
  ];
}

function compare(
  from: readonly Part[],
  to: readonly Part[],
  listsOf: ListsOf,
): readonly DefinitionDifference[] {
  const names = new Set(to.map(({ name }) => name));
  const removed = from.filter(({ name }) => !names.has(name));
  const kept = from.filter(({ name }) => names.has(name));
  const old = new Map(kept.map((part, index) => [part.name, { ...part, index }]));
  const common = to.filter(({ name }) => old.has(name));
  const order = longestRise(common.map(({ name }) => old.get(name)?.index ?? 0));
  const stayed = new Set(common.filter((_, position) => order.has(position)).map(({ name }) => name));
  return [
    ...removed.map(({ pointer }) => ({ reference: pointer, change: 'removed' }) as const),
    ...to.flatMap((part): readonly DefinitionDifference[] => {
      const { name, pointer: reference } = part;
      const before = old.get(name);
      if (before === undefined) return [{ reference, change: 'added' }];
      const differences = compareParts(before, part, listsOf);
      return stayed.has(name)
        ? differences
        : [{ reference, change: 'moved', from: before.pointer }, ...differences];
    }),
  ];
}

function compareParts(from: Part, to: Part, listsOf: ListsOf): readonly DefinitionDifference[] {
  const [old, recent] = [listsIn(from, listsOf), listsIn(to, listsOf)];
  const isChanged = canonicalJson(emptied(from.value, old)) !== canonicalJson(emptied(to.value, recent));
  return [
    ...(isChanged ? [{ reference: to.pointer, change: 'changed' } as const] : []),
    ...[...new Set([...old, ...recent])].flatMap((list) =>
      compare(itemsAt(from.value, list, from.pointer), itemsAt(to.value, list, to.pointer), nestedLists),
    ),
  ];
}

/** The pointers of the lists that the part holds itself. */
function listsIn({ value }: Part, listsOf: ListsOf): readonly string[] {
  return isJsonObject(value) ? listsOf(value).map(({ pointer }) => pointer) : [];
}

/** The value with nothing in these lists. */
function emptied(value: Json, lists: readonly string[]): Json {
  const replace = (holder: Json, [key, ...below]: readonly string[]): Json =>
    key === undefined || !isJsonObject(holder)
      ? []
      : { ...holder, [key]: replace(holder[key] ?? null, below) };
  return lists.reduce((kept, list) => replace(kept, list.slice(1).split('/')), value);
}

function partsOf(definition: JsonObject): readonly Part[] {
  const whole = parts.flatMap((pointer): readonly Part[] => {
    const value = atPointer(definition, pointer);
    return value === undefined ? [] : [{ name: pointer, pointer, value }];
  });
  return [...whole, ...namedParts.flatMap((pointer) => membersAt(definition, pointer))];
}

/** The members of an object, which have no order of their own. */
function membersAt(definition: JsonObject, at: string): readonly Part[] {
  const members = atPointer(definition, at);
  if (!isJsonObject(members)) return [];
  return Object.keys(members)
    .sort()
    .map((key) => {
      const pointer = `${at}/${pointerToken(key)}`;
      return { name: pointer, pointer, value: members[key] ?? null };
    });
}

/** The items of a list, each of which has its value under its name. */
function itemsAt(holder: Json, list: string, above = ''): readonly Part[] {
  const items = atPointer(holder, list);
  if (!Array.isArray(items)) return [];
  return (items as readonly Json[]).flatMap((item, index) => {
    const [name, value] = isJsonObject(item) ? (Object.entries(item)[0] ?? []) : [];
    if (name === undefined || value === undefined) return [];
    return [{ name, pointer: `${above}${list}/${index}/${pointerToken(name)}`, value }];
  });
}
