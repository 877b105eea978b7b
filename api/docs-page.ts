import { join } from 'node:path';
import type { ApiDependencies } from './dependencies.ts';
import { openapiDocument } from './openapi/document.ts';
import { Problem } from './problem.ts';
import { pathParameter } from './route.ts';
import type { Route } from './route.ts';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Perdure API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const startScript = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true });\n`;

const assets = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']);

// Swagger UI writes style attributes and shows its icons as data URLs.
const policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/** The API's description and a page that shows it. Both are open: they tell nothing of what is deployed or runs. */
export function docsRoutes({ root }: ApiDependencies): Route[] {
  const document = openapiDocument();
  const assetFolder = join(root, 'node_modules', 'swagger-ui-dist');
  return [
    {
      method: 'get',
      path: '/openapi.json',
      access: 'open',
      handle: (_request, response) => {
        response.json(document);
      },
    },
    {
      method: 'get',
      path: '/docs',
      access: 'open',
      handle: (_request, response) => {
        response.set('Content-Security-Policy', policy).type('html').send(page);
      },
    },
    {
      method: 'get',
      path: '/docs/{asset}',
      access: 'open',
      handle: (request, response) => {
        const asset = pathParameter(request, 'asset');
        if (asset === 'start.js') {
          response.type('text/javascript').send(startScript);
          return;
        }
        if (!assets.has(asset)) throw new Problem('route-not-found', `There is no /docs/${asset}`);
        response.sendFile(asset, { root: assetFolder, maxAge: '1h' });
      },
    },
  ];
}
