import { setTimeout as sleep } from 'node:timers/promises';
import { asJson, jsonSize } from '../../dsl/json.ts';
import type { DefinitionRecord, Definitions } from './definitions.ts';
import { StoreError } from './errors.ts';
import { recentlyUsed } from './recently-used.ts';

/** Characters of source text and resources that are remembered. */
const rememberedCharacters = 16 * 1024 * 1024;

/** How long a read waits for a store that did not answer the last one, where it can do without, in milliseconds. */
const patienceMs = 500;

type Versions = Readonly<Record<string, DefinitionRecord>>;

/**
 * Definitions of which `get` answers with what it read last while the store is away: an execution can be started, though
 * possibly of a version that was removed or is not the latest any more. It is for reads at the edge alone: what writes
 * by what it read takes the definitions themselves.
 */
export function rememberDefinitions(definitions: Definitions): Definitions {
  const memory = recentlyUsed<Versions>(rememberedCharacters, (versions) =>
    Object.values(versions).reduce((sum, record) => sum + sizeOf(record), 0),
  );
  let isAway = false;

  async function read(
    namespace: string,
    name: string,
    version: string,
  ): Promise<DefinitionRecord | undefined> {
    try {
      const record = await definitions.get(namespace, name, version);
      const of = nameKey(namespace, name);
      const { [version]: _, ...others } = memory.get(of) ?? {};
      memory.set(of, { ...others, ...(record === undefined ? {} : named(record, version)) });
      isAway = false;
      return record;
    } catch (error) {
      isAway = isUnavailable(error);
      throw error;
    }
  }

  return {
    ...definitions,
    async get(namespace, name, version) {
      const known = memory.get(nameKey(namespace, name))?.[version];
      const reading = read(namespace, name, version);
      if (known === undefined) return await reading;
      const answer = reading.catch((error: unknown) => {
        if (isUnavailable(error)) return known;
        throw error;
      });
      return await (isAway ? Promise.race([answer, sleep(patienceMs, known)]) : answer);
    },
    async deploy(definition, digest, source) {
      const { namespace, name } = definition.document;
      // Whatever becomes of the call: what is known of the name may not hold any more.
      memory.set(nameKey(namespace, name), {});
      return await definitions.deploy(definition, digest, source);
    },
    async remove(namespace, name, version) {
      memory.set(nameKey(namespace, name), {});
      return await definitions.remove(namespace, name, version);
    },
  };
}

/** A record under what it was asked for, and under its own version. */
function named(record: DefinitionRecord, version: string): Versions {
  return { [version]: record, [record.definition.document.version]: record };
}

function nameKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function sizeOf({ source, definition }: DefinitionRecord): number {
  return source.length + jsonSize(asJson(definition.resources ?? {}));
}

function isUnavailable(error: unknown): boolean {
  return error instanceof StoreError && error.type === 'unavailable';
}
