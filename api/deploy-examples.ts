import type { Definitions } from '../backends/store/definitions.ts';
import { checkDefinition } from '../dsl/check.ts';
import { definitionDigest } from '../dsl/digest.ts';
import { startersChanged } from './starters.ts';
import type { Starters } from './starters.ts';
import { resolveDefinition } from '../dsl/resolve/resolve-definition.ts';
import type { ResourceSource } from '../dsl/resolve/source.ts';

/** A definition that comes with the project. */
export interface ExampleDocument {
  readonly name: string;
  /** The document as written, YAML. */
  readonly definition: string;
}

/**
 * Deploys the examples, in their order, as `POST /v1/definitions` would; it needs no API key, of which the service knows
 * only digests. One that cannot be deployed is told to `warn` and keeps nothing else from starting.
 */
export async function deployExamples(
  definitions: Definitions,
  starters: Starters,
  resources: ResourceSource,
  examples: readonly ExampleDocument[],
  warn: (line: string) => void,
): Promise<void> {
  for (const { name, definition: source } of examples) {
    const checked = checkDefinition(source);
    const resolved = checked.ok ? await resolveDefinition(checked, resources) : checked;
    if (!resolved.ok) {
      warn(`The example ${name} is not deployed: ${resolved.errors[0]?.message ?? 'it is not valid'}`);
      continue;
    }
    const { definition } = resolved;
    const { outcome } = await definitions.deploy(definition, definitionDigest(definition), source);
    const { namespace, name: ofDefinition } = definition.document;
    await startersChanged(starters, namespace, ofDefinition);
    if (outcome === 'conflict') {
      const { version } = definition.document;
      warn(`The example ${name} has changed since it was deployed as ${version}; give it a new version`);
    }
  }
}
