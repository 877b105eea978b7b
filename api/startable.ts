import type { Definitions } from '../backends/store/definitions.ts';
import { schemaDocument } from '../dsl/resources.ts';
import { schemaViolations } from '../dsl/schema.ts';
import type { Json } from '../dsl/json.ts';
import type { Definition } from '../dsl/types.ts';
import { recordedSettings } from '../config/recorded-settings.ts';
import { definitionWorkflowType, maxArgumentBytes, typescriptWorkflows } from '../workflows/contract.ts';
import type { StartArgument } from '../workflows/contract.ts';
import { definitionNamePart, definitionVersion } from './definitions.ts';
import type { ApiDependencies } from './dependencies.ts';
import { refuseLarge } from './payload-size.ts';
import { Problem } from './problem.ts';
import { checkStartAt } from './start-at.ts';
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
 * 404 for an unknown workflow, 413 for an input that is too large, 422 for one that does not match and for a `startAt`
 * that names no place to begin.
 */
export async function findStartable(
  dependencies: ApiDependencies,
  request: StartRequest,
): Promise<Startable> {
  const { settings, remembered } = dependencies;
  const input = request.input ?? null;
  refuseLarge('input', input, settings.limits.payloadBytes);
  if (!request.workflow.includes('/')) return typescriptStart(request, input);

  const definition = await findDefinition(remembered, request.workflow, request.version);
  const { namespace, name, version } = definition.document;
  checkInput(schemaDocument(definition.input?.schema, definition.resources), input);
  const { startAt } = request;
  if (startAt !== undefined) {
    refuseLarge('startAt', startAt, settings.limits.payloadBytes);
    checkStartAt(definition, startAt);
  }
  const type = definitionWorkflowType(namespace, name);
  const argument: StartArgument = {
    perdure: 1,
    type,
    definition,
    input,
    ...recordedSettings(settings),
    ...(startAt === undefined ? {} : { startAt }),
  };
  refuseLarge('input together with the definition', argument, maxArgumentBytes);
  return { type, argument, workflow: request.workflow, namespace, version };
}

/** A version of the definition `namespace/name`, the latest unless told. Fails with a 404 problem. */
export async function findDefinition(
  definitions: Pick<Definitions, 'get'>,
  workflow: string,
  version = 'latest',
): Promise<Definition> {
  const [namespace = '', name = '', ...rest] = workflow.split('/');
  const wellFormed =
    rest.length === 0 &&
    [namespace, name].every((part) => definitionNamePart.test(part)) &&
    definitionVersion.test(version);
  const record = wellFormed ? await definitions.get(namespace, name, version) : undefined;
  if (record !== undefined) return record.definition;
  const which = version === 'latest' ? '' : `, version ${version}`;
  throw new Problem('workflow-not-found', `There is no definition ${workflow}${which}`);
}

function typescriptStart({ workflow, version, startAt }: StartRequest, input: Json): Startable {
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
  if (startAt !== undefined) {
    throw new Problem('invalid-request', 'A TypeScript workflow begins at its beginning', {
      errors: [{ pointer: '/startAt', code: 'not-allowed', message: 'is only for definitions' }],
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
