import { notFound } from './site.ts';
import type { Reply, Site } from './site.ts';

/** swapi.dev: a search that finds Luke, Luke himself, and his planet. */
export function starWars({ base, redirects }: { readonly base: string; readonly redirects: boolean }): Site {
  const host = `${base}/swapi.dev`;
  return ({ path, query }): Reply => {
    if (path === '/api/people/' && redirects) {
      const location = `${host}/api/moved/people/?${query.toString()}`;
      return { status: 302, headers: { location } };
    }
    if (path === '/api/people/' || path === '/api/moved/people/') {
      return { body: { count: 1, results: [{ name: 'Luke Skywalker' }] } };
    }
    if (path === '/api/people/1') {
      return { body: { name: 'Luke Skywalker', homeworld: `${host}/api/planets/1/` } };
    }
    return path === '/api/planets/1/' ? { body: { name: 'Tatooine' } } : notFound;
  };
}
