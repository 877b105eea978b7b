import { readFileSync } from 'node:fs';
import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { ConfigError } from './config-error.ts';

export type Path = readonly (string | number)[];

/** A configuration file, parsed but not checked. */
export interface ConfigFile {
  readonly name: string;
  readonly value: unknown;
  /** The line of the setting at `path`, or of the nearest mapping around it, from 1. */
  lineOf(path: Path): number | undefined;
}

/**
 * Reads a YAML file; undefined where there is none and none is `required`. Fails with a {@link ConfigError} when it
 * cannot be read or is not YAML.
 */
export function readConfigFile(name: string, { required }: { required: boolean }): ConfigFile | undefined {
  const text = readText(name, required);
  if (text === undefined) return undefined;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => ({
        source: name,
        line: lines.linePos(error.pos[0]).line,
        path: '',
        detail: `expected YAML, found: ${error.message}`,
      })),
    );
  }
  return {
    name,
    value: document.toJS({ maxAliasCount: 100 }) as unknown,
    lineOf: (path) => {
      const offset = offsetOf(document, path);
      return offset === undefined ? undefined : lines.linePos(offset).line;
    },
  };
}

function readText(name: string, required: boolean): string | undefined {
  try {
    return readFileSync(name, 'utf8');
  } catch (error) {
    const missing = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
    if (missing && !required) return undefined;
    const found = missing ? 'nothing' : error instanceof Error ? error.message : String(error);
    throw new ConfigError(
      [{ source: name, path: '', detail: `expected a file that can be read, found ${found}` }],
      { cause: error },
    );
  }
}

function offsetOf(document: Document, path: Path): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const segment of path) {
    if (isSeq(node)) {
      node = node.items[Number(segment)];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    } else if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === segment);
      if (!isPair(pair) || !isScalar(pair.key)) return offset;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else return offset;
  }
  return offset;
}
