/** How definitions lie in the store: their keys, and the JSON of records and indexes. */
import { isJsonObject } from '../../dsl/json.ts';
import type { Json, JsonObject } from '../../dsl/json.ts';
import type { Definition } from '../../dsl/types.ts';
import { StoreError } from './errors.ts';

/** One deployed version. It never changes; it can only be removed. */
export interface DefinitionRecord {
  readonly definition: Definition;
  /** Of the definition's content, as the deploy computed it. */
  readonly digest: string;
  /** The text as it was deployed, comments included. */
  readonly source: string;
  /** ISO 8601. */
  readonly deployedAt: string;
}

/** What lists tell of one version. */
export interface DefinitionVersion {
  readonly version: string;
  readonly digest: string;
  readonly deployedAt: string;
}

/** What lists tell of one name. Title and summary are those of the latest version. */
export interface DefinitionSummary {
  readonly namespace: string;
  readonly name: string;
  readonly latest: string;
  readonly title?: string;
  readonly summary?: string;
}

/** The index of one name; `versions` is sorted, highest first, and never empty. */
export interface NameIndex extends DefinitionSummary {
  readonly versions: readonly DefinitionVersion[];
}

export const indexPrefix = 'definition-index/';

// Namespaces, names and versions hold no slash: the language's schema refuses it.
export function indexKey(namespace: string, name: string): string {
  return `${indexPrefix}${namespace}/${name}`;
}

export function recordKey(namespace: string, name: string, version: string): string {
  return `definition/${namespace}/${name}/${version}`;
}

/** Reads a record back. The definition was validated when it was deployed and is not checked again. */
export function parseRecord(key: string, value: Json): DefinitionRecord {
  const record = objectAt(key, value);
  return {
    definition: objectAt(key, record.definition) as JsonObject & Definition,
    digest: textAt(key, record.digest),
    source: textAt(key, record.source),
    deployedAt: textAt(key, record.deployedAt),
  };
}

export function recordValue(record: DefinitionRecord): Json {
  return { ...record, definition: record.definition as Definition & JsonObject };
}

export function parseIndex(key: string, value: Json): NameIndex {
  const index = objectAt(key, value);
  if (!Array.isArray(index.versions)) throw damaged(key);
  return {
    namespace: textAt(key, index.namespace),
    name: textAt(key, index.name),
    latest: textAt(key, index.latest),
    ...(index.title === undefined ? {} : { title: textAt(key, index.title) }),
    ...(index.summary === undefined ? {} : { summary: textAt(key, index.summary) }),
    versions: (index.versions as readonly Json[]).map((item) => {
      const version = objectAt(key, item);
      return {
        version: textAt(key, version.version),
        digest: textAt(key, version.digest),
        deployedAt: textAt(key, version.deployedAt),
      };
    }),
  };
}

export function indexValue(index: NameIndex): Json {
  return { ...index, versions: index.versions.map((version) => ({ ...version })) };
}

function objectAt(key: string, value: Json | undefined): JsonObject {
  if (!isJsonObject(value)) throw damaged(key);
  return value;
}

function textAt(key: string, value: Json | undefined): string {
  if (typeof value !== 'string') throw damaged(key);
  return value;
}

function damaged(key: string): StoreError {
  return new StoreError(
    'invalid',
    `The document "${key}" in the store is not what Perdure wrote there. Restore the store from a backup, or delete the document and deploy again.`,
  );
}
