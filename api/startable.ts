import { schemaDocument } from '../dsl/resources.ts';
import { schemaViolations } from '../dsl/schema.ts';
import type { Json } from '../dsl/json.ts';
import { recordedSettings } from '../config/recorded-settings.ts';
import { definitionWorkflowType, maxArgumentBytes, typescriptWorkflows } from '../workflows/contract.ts';
import type { StartArgument } from '../workflows/contract.ts';
import { definitionNamePart, definitionVersion } from './definitions.ts';
import type { ApiDependencies } from './dependencies.ts';
import { refuseLarge } from './payload-size.ts';
import { Problem } from './problem.ts';
import type { StartRequest } from './start-request.ts';

/** Everything that Temporal needs to know of a start. */
export interface Startable {
  /** Temporal's workflow type. */
  readonly type: string;
  readonly argument: StartArgument | Json;
  /** As the caller knows it: `namespace/name`, or the name of a TypeScript workflow. */
  readonly workflow: string;
  /** Present for definitions. */
  readonly namespace?: string;
  readonly version?: string;
}

/**
 * Finds what a request wants started and checks the input against its schema and the limits. Fails with a problem:
 * 404 for an unknown workflow, 413 for an input that is too large, 422 for one that does not match.
 */
export async function findStartable(
  { definitions, settings }: ApiDependencies,
  request: StartRequest,
): Promise<Startable> {
  const input = request.input ?? null;
  refuseLarge('input', input, settings.limits.payloadBytes);
  if (!request.workflow.includes('/')) return typescriptStart(request, input);

  const { version = 'latest' } = request;
  const [namespace = '', name = '', ...rest] = request.workflow.split('/');
  const wellFormed =
    rest.length === 0 &&
    [namespace, name].every((part) => definitionNamePart.test(part)) &&
    definitionVersion.test(version);
  const record = wellFormed ? await definitions.get(namespace, name, version) : undefined;
  if (record === undefined) {
    const which = version === 'latest' ? '' : `, version ${version}`;
    throw new Problem('workflow-not-found', `There is no definition ${request.workflow}${which}`);
  }
  const { definition } = record;
  checkInput(schemaDocument(definition.input?.schema, definition.resources), input);
  const type = definitionWorkflowType(namespace, name);
  const argument: StartArgument = { perdure: 1, type, definition, input, ...recordedSettings(settings) };
  refuseLarge('input together with the definition', argument, maxArgumentBytes);
  return { type, argument, workflow: request.workflow, namespace, version: definition.document.version };
}

function typescriptStart({ workflow, version }: StartRequest, input: Json): Startable {
  const known = Object.hasOwn(typescriptWorkflows, workflow) ? typescriptWorkflows[workflow] : undefined;
  if (known === undefined) {
    const hint = 'A definition is named namespace/name';
    throw new Problem('workflow-not-found', `There is no TypeScript workflow "${workflow}". ${hint}`);
  }
  if (version !== undefined) {
    throw new Problem('invalid-request', 'A TypeScript workflow has no versions to choose from', {
      errors: [{ pointer: '/version', code: 'not-allowed', message: 'is only for definitions' }],
    });
  }
  checkInput(known.inputSchema, input);
  return { type: workflow, argument: input, workflow };
}

function checkInput(schema: Json | undefined, input: Json): void {
  if (schema === undefined) return;
  const violations = schemaViolations(schema, input);
  const first = violations[0];
  if (first === undefined) return;
  throw new Problem(
    'invalid-input',
    `The input does not match the schema: ${first.pointer === '' ? '' : `${first.pointer} `}${first.message}`,
    {
      errors: violations.map(({ pointer, message }) => ({ pointer: `/input${pointer}`, message })),
    },
  );
}
