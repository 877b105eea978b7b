import type { Request } from 'express';
import { z } from 'zod';
import type { DefinitionRecord } from '../backends/store/definitions.ts';
import type { Settings } from '../config/settings.ts';
import { checkDefinition } from '../dsl/check.ts';
import { definitionDigest } from '../dsl/digest.ts';
import { resolveDefinition } from '../dsl/resolve/resolve-definition.ts';
import type { ResolveResult } from '../dsl/resolve/resolve-definition.ts';
import type { ResourceSource } from '../dsl/resolve/source.ts';
import { asWritten } from '../dsl/resources.ts';
import type { ApiDependencies } from './dependencies.ts';
import { ofGivenCursor } from './page-cursor.ts';
import { pageQuery, parseQuery } from './parse-request.ts';
import { Problem } from './problem.ts';
import { pathParameter } from './route.ts';
import type { Route } from './route.ts';
import { startersChanged } from './starters.ts';

/** Media types under which a definition is taken. */
export const definitionTypes = [
  'application/yaml',
  'application/x-yaml',
  'text/yaml',
  'text/plain',
  'application/json',
];

type Resolved = Extract<ResolveResult, { ok: true }>;

export const definitionListQuery = z.strictObject({ ...pageQuery, namespace: z.string().max(63).optional() });
export const versionListQuery = z.strictObject(pageQuery);

/** `/v1/definitions`: deploy, check, read and remove documents of the language. */
export function definitionRoutes(dependencies: ApiDependencies): Route[] {
  const { definitions, remembered, resources, settings } = dependencies;
  const one = '/v1/definitions/{namespace}/{name}';

  async function find(request: Request, version: string): Promise<DefinitionRecord> {
    const { namespace, name } = definitionName(request);
    const record = definitionVersion.test(version) && (await remembered.get(namespace, name, version));
    return record || missing(`${namespace}/${name}${version === 'latest' ? '' : `, version ${version}`}`);
  }

  return [
    {
      method: 'post',
      path: '/v1/definitions',
      body: 'definition',
      handle: async (request, response) => {
        const source = sourceOf(request);
        const { definition, warnings } = await resolved(source, resources, settings);
        const result = await remembered.deploy(definition, definitionDigest(definition), source);
        const location = locationOf(result.record);
        const { namespace, name, version } = definition.document;
        if (result.outcome === 'conflict') {
          throw new Problem(
            'definition-exists',
            `${namespace}/${name} version ${version} is deployed with other content, its functions and schemas included; give this one a new version`,
            { headers: { Location: location }, members: { digest: result.record.digest } },
          );
        }
        // Also where nothing was deployed: a deploy that was cut off is completed by repeating it.
        await startersChanged(dependencies, namespace, name);
        response.status(result.outcome === 'created' ? 201 : 200).location(location);
        response.json({ ...summaryOf(result.record), warnings });
      },
    },
    {
      method: 'post',
      path: '/v1/definitions/validate',
      body: 'definition',
      handle: async (request, response) => {
        const { definition, warnings } = await resolved(sourceOf(request), resources, settings);
        const { namespace, name, version } = definition.document;
        const digest = definitionDigest(definition);
        response.json({ valid: true, namespace, name, version, digest, warnings });
      },
    },
    {
      method: 'get',
      path: '/v1/definitions',
      handle: async (request, response) => {
        const query = parseQuery(definitionListQuery, request.query);
        response.json(await ofGivenCursor(definitions.list(query)));
      },
    },
    {
      method: 'get',
      path: one,
      handle: async (request, response) => {
        const record = await find(request, 'latest');
        response.json(viewOf(record));
      },
    },
    {
      method: 'get',
      path: `${one}/versions`,
      handle: async (request, response) => {
        const { namespace, name } = definitionName(request);
        const query = parseQuery(versionListQuery, request.query);
        const page = await ofGivenCursor(definitions.versions(namespace, name, query));
        if (page.versions.length === 0 && query.cursor === undefined) missing(`${namespace}/${name}`);
        response.json(page);
      },
    },
    {
      method: 'get',
      path: `${one}/versions/{version}`,
      handle: async (request, response) => {
        const record = await find(request, pathParameter(request, 'version'));
        response.json(viewOf(record));
      },
    },
    {
      method: 'delete',
      path: `${one}/versions/{version}`,
      handle: async (request, response) => {
        const { namespace, name } = definitionName(request);
        const version = pathParameter(request, 'version');
        // `latest` is refused on purpose: what it names can change between the look and the delete.
        const removed =
          definitionVersion.test(version) &&
          version !== 'latest' &&
          (await remembered.remove(namespace, name, version));
        if (!removed) missing(`${namespace}/${name}, version ${version}`);
        await startersChanged(dependencies, namespace, name);
        response.status(204).end();
      },
    },
  ];
}

/** What a definition's namespace and name look like; nothing else is looked up in the store. */
export const definitionNamePart = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/;

/** A semantic version or `latest`; nothing else is looked up in the store. */
export const definitionVersion = /^[0-9A-Za-z][0-9A-Za-z.+-]{0,127}$/;

function definitionName(request: Request): { namespace: string; name: string } {
  const namespace = pathParameter(request, 'namespace');
  const name = pathParameter(request, 'name');
  if (!definitionNamePart.test(namespace) || !definitionNamePart.test(name)) missing(`${namespace}/${name}`);
  return { namespace, name };
}

function missing(what: string): never {
  throw new Problem('definition-not-found', `There is no definition ${what}`);
}

function sourceOf(request: Request): string {
  const body: unknown = request.body;
  if (typeof body !== 'string' || body.trim() === '') {
    throw new Problem('invalid-request', 'The body is empty; send a definition as YAML or JSON');
  }
  if (request.is('application/json')) refuseBrokenJson(body);
  return body;
}

/** The definition, checked and with what it names. Fails with a 422 problem that tells everything that is wrong. */
async function resolved(source: string, resources: ResourceSource, { limits }: Settings): Promise<Resolved> {
  const checked = checkDefinition(source, { aliases: limits.maxAliases });
  const result = checked.ok ? await resolveDefinition(checked, resources) : checked;
  if (result.ok) return result;
  const { errors, warnings } = result;
  const first = errors[0]?.message ?? 'it cannot be read';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new Problem('invalid-definition', `The definition is not valid: ${first}${more}`, {
    errors,
    members: { warnings },
  });
}

function refuseBrokenJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem('invalid-json', `The body is not valid JSON: ${why}`, { cause: error });
  }
}

function summaryOf(record: DefinitionRecord): Record<string, string | undefined> {
  const { namespace, name, version, title, summary } = record.definition.document;
  const { digest, deployedAt } = record;
  return { namespace, name, version, title, summary, digest, deployedAt };
}

/** A version as its author wrote it; what the deploy read for it stays inside. */
function viewOf(record: DefinitionRecord): Record<string, unknown> {
  return { ...summaryOf(record), definition: asWritten(record.definition), source: record.source };
}

function locationOf({ definition }: DefinitionRecord): string {
  const { namespace, name, version } = definition.document;
  return `/v1/definitions/${namespace}/${name}/versions/${encodeURIComponent(version)}`;
}
