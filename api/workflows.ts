import { z } from 'zod';
import { typescriptWorkflows } from '../workflows/contract.ts';
import { schemaDocument } from '../dsl/resources.ts';
import type { ApiDependencies } from './dependencies.ts';
import { ofGivenCursor } from './page-cursor.ts';
import { pageQuery, parseQuery } from './parse-request.ts';
import type { Route } from './route.ts';

export const workflowListQuery = z.strictObject(pageQuery);

/** `/v1/workflows`: everything that can be started. TypeScript workflows come on the first page, in addition. */
export function workflowRoutes({ definitions }: ApiDependencies): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/workflows',
      handle: async (request, response) => {
        const { limit, cursor } = parseQuery(workflowListQuery, request.query);
        const page = await ofGivenCursor(definitions.list({ limit, cursor }));
        const deployed = await Promise.all(
          page.definitions.map(async ({ namespace, name, latest, title, summary }) => {
            const definition = (await definitions.get(namespace, name, latest))?.definition;
            return {
              workflow: `${namespace}/${name}`,
              kind: 'definition',
              version: latest,
              title,
              summary,
              inputSchema: schemaDocument(definition?.input?.schema, definition?.resources),
            };
          }),
        );
        const written = Object.entries(typescriptWorkflows).map(([name, about]) => ({
          workflow: name,
          kind: 'typescript',
          ...about,
        }));
        response.json({
          workflows: cursor === undefined ? [...written, ...deployed] : deployed,
          nextCursor: page.nextCursor,
        });
      },
    },
  ];
}
