/** The images of the examples, in a registry on loopback and imported into the engine beforehand. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { imageOf, manifestType, packLayer } from './image.ts';
import type { Blob, Image } from './image.ts';

export interface Registry {
  readonly host: string;
  /** The names of the images, with the registry's host. */
  readonly images: readonly string[];
  /** How often an engine asked which image a tag means: once for each pull. */
  pulls(): number;
  close(): Promise<void>;
}

/** Starts a registry that has `hello-world` and `alpine`. */
export async function startRegistry(): Promise<Registry> {
  const layer = await packLayer();
  const images: Readonly<Record<string, Image>> = {
    'hello-world': imageOf(layer, ['/bin/echo', 'Hello from the container']),
    alpine: imageOf(layer, ['/bin/sh']),
  };
  let pulls = 0;
  const server = createServer(({ method, url = '' }, response) => {
    const {
      name = '',
      kind,
      reference,
    } = /^\/v2\/(?<name>[^/]+)\/(?<kind>manifests|blobs)\/(?<reference>.+)$/.exec(url)?.groups ?? {};
    const image = images[name];
    if (url === '/v2/') return void response.writeHead(200).end('{}');
    if (image === undefined) return void response.writeHead(404).end('{}');
    if (kind === 'manifests') {
      // An engine asks for the tag, and then for what the tag means by its digest.
      if (reference === 'latest' && method === 'HEAD') pulls += 1;
      return give(response, method, image.manifest, manifestType);
    }
    const found = image.blobs.find(({ digest }) => digest === reference);
    if (found === undefined) return void response.writeHead(404).end('{}');
    give(response, method, found, 'application/octet-stream');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    images: Object.keys(images).map((name) => `${host}/${name}`),
    pulls: () => pulls,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function give(
  response: ServerResponse,
  method: string | undefined,
  { digest, content }: Blob,
  type: string,
): void {
  response.writeHead(200, {
    'content-type': type,
    'content-length': content.length,
    'docker-content-digest': digest,
  });
  response.end(method === 'HEAD' ? undefined : content);
}
