import type { Definitions } from '../backends/store/definitions.ts';
import { standardFault } from '../dsl/errors.ts';
import type { Definition } from '../dsl/types.ts';
import type { LoadDefinitionRequest } from '../workflows/contract.ts';

/** Reads the definition that `run: workflow` starts. Faults with `configuration`, 404, when it is not deployed. */
export async function loadDefinition(
  { reference, namespace, name, version }: LoadDefinitionRequest,
  definitions: Pick<Definitions, 'get'>,
): Promise<Definition> {
  const record = await definitions.get(namespace, name, version);
  if (record !== undefined) return record.definition;
  const detail = `definition ${namespace}/${name} ${version} is not deployed`;
  throw standardFault('configuration', reference, detail, { status: 404, title: 'Definition Not Found' });
}
