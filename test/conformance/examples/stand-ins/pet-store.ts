import type { Json, JsonObject } from '../../../../dsl/json.ts';
import { notFound } from './site.ts';
import type { Reply, Site, Visit } from './site.ts';

export interface PetStoreOptions {
  /** Before the host in URLs of this run. */
  readonly base: string;
  /** Answers the operation once with a redirect. */
  readonly redirects: boolean;
}

const pet = (id: number): JsonObject => ({ id, name: 'Rex', status: 'available' });

/**
 * petstore.swagger.io: every pet is Rex and available, pet 404 is not there, pet 503 is there when it is asked for the
 * third time, a PUT gives back its body. Its description is Swagger 2.0.
 */
export function petStore(options: PetStoreOptions): Site {
  let refusals = 0;
  return (visit) => {
    const { method, path } = visit;
    if (path === '/v2/swagger.json') return { body: description(options.base) };
    if (path.endsWith('/pet/findByStatus')) return petsByStatus(visit, options);
    if (method === 'PUT') return { body: JSON.parse(visit.body) as Json };
    const id = Number(/^\/v2\/pet\/(\d+)$/.exec(path)?.[1] ?? 404);
    if (id === 404) return notFound;
    if (id === 503 && refusals++ < 2) return { status: 503, body: { message: 'later' } };
    return { body: pet(id) };
  };
}

function petsByStatus({ path, query }: Visit, { base, redirects }: PetStoreOptions): Reply {
  const moved = path.startsWith('/v2/moved/');
  if (redirects && !moved) {
    const location = `${base}/petstore.swagger.io/v2/moved/pet/findByStatus?${query.toString()}`;
    return { status: 302, headers: { location } };
  }
  return { body: query.get('status') === 'available' ? [pet(1)] : [] };
}

function description(base: string): JsonObject {
  const { host, pathname, protocol } = new URL(`${base}/petstore.swagger.io/v2`);
  const statuses = {
    name: 'status',
    in: 'query',
    required: true,
    type: 'array',
    items: { type: 'string', enum: ['available', 'pending', 'sold'] },
    collectionFormat: 'multi',
  };
  return {
    swagger: '2.0',
    info: { title: 'Pet store', version: '1.0.0' },
    host,
    basePath: pathname,
    schemes: [protocol.slice(0, -1)],
    paths: {
      '/pet/findByStatus': {
        get: {
          operationId: 'findPetsByStatus',
          produces: ['application/json'],
          parameters: [statuses],
          responses: { 200: { description: 'the pets of these statuses' } },
        },
      },
    },
  };
}
