import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '../dsl/json.ts';

export interface Example {
  /** The folder's name. */
  readonly name: string;
  readonly definitionFile: string;
  /** The document as written, YAML. */
  readonly definition: string;
  readonly input: Json;
  /** The result of an execution with that input. */
  readonly expected: Json;
}

/** Folders that hold no single definition. */
const others = new Set(['services', 'two-services']);

/**
 * The examples under the project folder `root`, in an order in which they can be deployed. Rejects when a folder with a
 * definition lacks its input or expected result.
 */
export async function listExamples(root: string): Promise<readonly Example[]> {
  const folder = join(root, 'examples');
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && !others.has(entry.name))
    .map((entry) => entry.name)
    // By name: `price-order` comes before `quote-order`, which runs it.
    .sort();
  return Promise.all(names.map((name) => readExample(folder, name)));
}

/** What starts an example through the API: `namespace/name`. */
export function exampleWorkflow({ definition, definitionFile }: Example): string {
  const [, namespace, name] = /namespace: (\S+)[\s\S]*?name: (\S+)/.exec(definition) ?? [];
  if (namespace === undefined || name === undefined)
    throw new Error(`${definitionFile} has no namespace and name`);
  return `${namespace}/${name}`;
}

async function readExample(folder: string, name: string): Promise<Example> {
  const read = (file: string): Promise<string> => readFile(join(folder, name, file), 'utf8');
  const [definition, input, expected] = await Promise.all([
    read('definition.yaml'),
    read('input.json'),
    read('expected.json'),
  ]);
  return {
    name,
    definitionFile: join(folder, name, 'definition.yaml'),
    definition,
    input: JSON.parse(input) as Json,
    expected: JSON.parse(expected) as Json,
  };
}
