/** Stand-ins on loopback for the parts of public services that the kit's scenarios call. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

export interface Services {
  readonly port: number;
  close(): Promise<void>;
}

const pet = (id: number): object => ({ id, name: `pet ${id}`, status: 'available', photoUrls: [], tags: [] });

/** Serves the pet store under `/petstore` and the basic authentication check under `/httpbin`. */
export async function startServices(port: number): Promise<Services> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    route(url, request.headers.authorization, response, port);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function route(url: URL, authorization: string | undefined, response: ServerResponse, port: number): void {
  const answer = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const path = url.pathname;
  if (path === '/petstore/v2/swagger.json') return answer(200, petStoreDocument(port));
  if (path === '/petstore/v2/pet/findByStatus') {
    return answer(200, url.searchParams.get('status') === 'available' ? [pet(1), pet(2), pet(3)] : []);
  }
  const id = /^\/petstore\/v2\/pet\/(\d+)$/.exec(path)?.[1];
  if (id !== undefined) return answer(200, pet(Number(id)));
  const login = /^\/httpbin\/basic-auth\/([^/]+)\/([^/]+)$/.exec(path);
  if (login !== null) {
    const [user, password] = [login[1] ?? '', login[2] ?? ''].map(decodeURIComponent);
    const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    return authorization === wanted ? answer(200, { authenticated: true, user }) : answer(401, {});
  }
  return answer(404, { message: `nothing at ${path}` });
}

function petStoreDocument(port: number): object {
  const ok = { responses: { 200: { description: 'ok' } } };
  return {
    swagger: '2.0',
    info: { title: 'Pet store', version: '1' },
    host: `127.0.0.1:${port}`,
    basePath: '/petstore/v2',
    schemes: ['http'],
    paths: {
      '/pet/findByStatus': {
        get: {
          operationId: 'findPetsByStatus',
          produces: ['application/json'],
          parameters: [
            {
              name: 'status',
              in: 'query',
              required: true,
              type: 'array',
              items: { type: 'string' },
              collectionFormat: 'multi',
            },
          ],
          ...ok,
        },
      },
      '/pet/{petId}': {
        get: {
          operationId: 'getPetById',
          produces: ['application/json'],
          parameters: [{ name: 'petId', in: 'path', required: true, type: 'integer' }],
          ...ok,
        },
      },
    },
  };
}

/** The definition with its public hosts replaced by the stand-ins'. */
export function pointAtServices(definition: string, port: number): string {
  return definition
    .replaceAll('https://petstore.swagger.io', `http://127.0.0.1:${port}/petstore`)
    .replaceAll('https://httpbin.org', `http://127.0.0.1:${port}/httpbin`);
}
