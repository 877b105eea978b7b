/**
 * The deployed definitions, on the store's port. A version's record is written once; a small index a name lists its
 * versions, so that `latest` and lists never read the documents themselves.
 *
 * The store has no transaction over two keys. Every change writes or deletes the record first and then brings the
 * index in line with what the record's key holds at that moment, under compare-and-set: whichever of two concurrent
 * changes writes the index last has seen the record's final state. A crash between the two steps was never
 * acknowledged, and repeating the call completes it.
 */
import { compareBuild } from 'semver';
import { asJson, jsonSize } from '../../dsl/json.ts';
import type { Definition } from '../../dsl/types.ts';
import { indexKey, indexPrefix, indexValue, parseIndex } from './definition-records.ts';
import { parseRecord, recordKey, recordValue } from './definition-records.ts';
import type {
  DefinitionRecord,
  DefinitionSummary,
  DefinitionVersion,
  NameIndex,
} from './definition-records.ts';
import { StoreError } from './errors.ts';
import type { Store } from './port.ts';
import { recentlyUsed } from './recently-used.ts';

export type { DefinitionRecord } from './definition-records.ts';

/** What a deploy did: `conflict` when the version exists with other content, and `record` is then what exists. */
interface DeployResult {
  readonly outcome: 'created' | 'unchanged' | 'conflict';
  readonly record: DefinitionRecord;
}

/** How much of a list to give; `cursor` is the `nextCursor` of the page before. `limit` is 1 to 1,000. */
interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

/** The definitions that can be started. Fails with a {@link StoreError}; a cursor it never gave is `invalid`. */
export interface Definitions {
  /** Stores a validated definition under its namespace, name and version. Safe to repeat, and to race. */
  deploy(definition: Definition, digest: string, source: string): Promise<DeployResult>;
  /** A version, or `latest`: the highest by semantic versioning, prereleases and build metadata included. */
  get(namespace: string, name: string, version: string): Promise<DefinitionRecord | undefined>;
  /** The versions of one name, highest first; empty where the name is unknown. */
  versions(
    namespace: string,
    name: string,
    page: PageRequest,
  ): Promise<{ readonly versions: readonly DefinitionVersion[]; readonly nextCursor?: string }>;
  /** One entry a name, in order of namespace and name. */
  list(
    page: PageRequest & { readonly namespace?: string },
  ): Promise<{ readonly definitions: readonly DefinitionSummary[]; readonly nextCursor?: string }>;
  /** Removes one version; resolves to whether it was there. Executions that run carry their definition and go on. */
  remove(namespace: string, name: string, version: string): Promise<boolean>;
}

/** Characters of source text and resources that are kept parsed in memory. */
const cachedCharacters = 16 * 1024 * 1024;

/** The definitions in `store`. Processes that share the store see each other's changes at once. */
export function createDefinitions(store: Store): Definitions {
  // A version can be removed and deployed anew with other content, by any process: the index is read on every get,
  // and only what the digest identifies is cached.
  const cache = recentlyUsed<DefinitionRecord>(
    cachedCharacters,
    ({ source, definition }) => source.length + jsonSize(asJson(definition.resources ?? {})),
  );

  async function readIndex(
    namespace: string,
    name: string,
  ): Promise<{ readonly index: NameIndex; readonly storeVersion: string } | undefined> {
    const document = await store.get(indexKey(namespace, name));
    if (document === undefined) return undefined;
    return { index: parseIndex(document.key, document.value), storeVersion: document.version };
  }

  async function readRecord(
    namespace: string,
    name: string,
    version: string,
  ): Promise<DefinitionRecord | undefined> {
    const document = await store.get(recordKey(namespace, name, version));
    return document && parseRecord(document.key, document.value);
  }

  /** Makes the index say of `version` what its record's key holds now. */
  async function reindex(namespace: string, name: string, version: string): Promise<void> {
    const key = indexKey(namespace, name);
    for (;;) {
      // The index is read before the record: a change of either that comes between makes the write below fail.
      const before = await readIndex(namespace, name);
      const record = await readRecord(namespace, name, version);
      const others = before?.index.versions.filter((entry) => entry.version !== version) ?? [];
      const versions = record === undefined ? others : sorted([...others, versionEntry(record)]);
      const highest = versions[0];
      if (highest === undefined) {
        if (before === undefined || (await store.delete(key, { version: before.storeVersion }))) return;
        continue;
      }
      const latest =
        highest.version === version ? record : await readRecord(namespace, name, highest.version);
      const { title, summary } = latest?.definition.document ?? {};
      const index: NameIndex = {
        namespace,
        name,
        latest: highest.version,
        ...(title === undefined ? {} : { title }),
        ...(summary === undefined ? {} : { summary }),
        versions,
      };
      const expected = before === undefined ? 'absent' : { version: before.storeVersion };
      if ((await store.put(key, indexValue(index), expected)) !== undefined) return;
    }
  }

  return {
    async deploy(definition, digest, source) {
      const { namespace, name, version } = definition.document;
      const record = { definition, digest, source, deployedAt: new Date().toISOString() };
      for (;;) {
        const key = recordKey(namespace, name, version);
        if ((await store.put(key, recordValue(record), 'absent')) !== undefined) {
          await reindex(namespace, name, version);
          return { outcome: 'created', record };
        }
        const existing = await readRecord(namespace, name, version);
        // Removed between the two calls: try again to create it.
        if (existing === undefined) continue;
        const indexed = (await readIndex(namespace, name))?.index.versions;
        if (!indexed?.some((entry) => entry.version === version && entry.digest === existing.digest)) {
          await reindex(namespace, name, version);
        }
        return { outcome: existing.digest === digest ? 'unchanged' : 'conflict', record: existing };
      }
    },

    async get(namespace, name, version) {
      for (;;) {
        const index = (await readIndex(namespace, name))?.index;
        const wanted = version === 'latest' ? index?.latest : version;
        const entry = index?.versions.find((candidate) => candidate.version === wanted);
        if (entry === undefined) return undefined;
        const cacheKey = `${namespace}/${name}/${entry.version}/${entry.digest}/${entry.deployedAt}`;
        const cached = cache.get(cacheKey);
        if (cached !== undefined) return cached;
        const record = await readRecord(namespace, name, entry.version);
        if (record?.digest === entry.digest) {
          cache.set(cacheKey, record);
          return record;
        }
        // A remove is under way or was cut off: complete it and look again.
        await reindex(namespace, name, entry.version);
      }
    },

    async versions(namespace, name, { limit, cursor }) {
      const all = (await readIndex(namespace, name))?.index.versions ?? [];
      const rest = cursor === undefined ? all : all.filter((entry) => compare(entry.version, cursor) < 0);
      const versions = rest.slice(0, limit);
      const last = versions.at(-1);
      return {
        versions,
        ...(last !== undefined && rest.length > limit ? { nextCursor: last.version } : {}),
      };
    },

    async list({ namespace, limit, cursor }) {
      const prefix = namespace === undefined ? indexPrefix : indexKey(namespace, '');
      const page = await store.scan(prefix, { limit, cursor });
      return {
        definitions: page.documents.map(({ key, value }) => {
          const { versions: _, ...summary } = parseIndex(key, value);
          return summary;
        }),
        ...(page.cursor === undefined ? {} : { nextCursor: page.cursor }),
      };
    },

    async remove(namespace, name, version) {
      const indexed = (await readIndex(namespace, name))?.index.versions;
      const listed = indexed?.some((entry) => entry.version === version) ?? false;
      const key = recordKey(namespace, name, version);
      const stored = await store.get(key);
      const removed = stored !== undefined && (await store.delete(key, { version: stored.version }));
      if (listed || removed) await reindex(namespace, name, version);
      return listed || removed;
    },
  };
}

function versionEntry(record: DefinitionRecord): DefinitionVersion {
  return {
    version: record.definition.document.version,
    digest: record.digest,
    deployedAt: record.deployedAt,
  };
}

function sorted(versions: readonly DefinitionVersion[]): readonly DefinitionVersion[] {
  return versions.toSorted((left, right) => compare(right.version, left.version));
}

function compare(left: string, right: string): number {
  try {
    return compareBuild(left, right);
  } catch (error) {
    throw new StoreError('invalid', `"${left}" or "${right}" is not a semantic version`, { cause: error });
  }
}
