import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolutionLimits } from '../dsl/resolve/limits.ts';
import { ResourceError } from '../dsl/resolve/source.ts';
import type { Credentials, ResourceSource } from '../dsl/resolve/source.ts';
import { HttpSendError } from '../network/http-send-error.ts';
import type { HttpReply, HttpSender } from '../network/http-sender.ts';

/** How long one document may take; whoever deploys is waiting. */
const readTimeoutMs = 10_000;

/** Names and versions of the default catalog's folders: nothing that leads out of it. */
const folderName = /^[A-Za-z0-9][A-Za-z0-9.+_-]*$/;

/**
 * Reads what definitions name: through the guarded sender, and the default catalog from the project's folder `root`.
 */
export function createResourceSource(http: HttpSender, root: string): ResourceSource {
  return {
    read: async (uri, credentials) => {
      const reply = await http.send(resourceRequest(uri, credentials)).catch((error: unknown) => {
        throw error instanceof HttpSendError ? unreachable(error) : error;
      });
      if (reply.status !== 200) throw new ResourceError(`${uri} answered ${reply.status}`);
      return textOf(reply, uri);
    },
    defaultFunction: async (name, version) => {
      if (![name, version].every((part) => folderName.test(part))) return undefined;
      try {
        return await readFile(join(root, 'catalog/functions', name, version, 'function.yaml'), 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
  };
}

function resourceRequest(
  uri: string,
  credentials: Credentials | undefined,
): Parameters<HttpSender['send']>[0] {
  return {
    method: 'GET',
    url: uri,
    headers: {
      accept: 'application/yaml, application/schema+json, application/json, text/*;q=0.9, */*;q=0.8',
      'user-agent': 'perdure',
      ...(credentials === undefined ? {} : { authorization: authorization(credentials) }),
    },
    timeoutMs: readTimeoutMs,
    maxResponseBytes: resolutionLimits.bytes,
    followRedirects: true,
  };
}

// YAML makes a number of `password: 123`; a template makes the same text of it.
function authorization(credentials: Credentials): string {
  if ('token' in credentials) return `Bearer ${credentials.token}`;
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
}

function unreachable({ kind, message, cause }: HttpSendError): ResourceError {
  return new ResourceError(kind === 'forbidden-address' ? `forbidden-address: ${message}` : message, {
    cause,
  });
}

function textOf({ body }: HttpReply, uri: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw new ResourceError(`${uri} is not a text in UTF-8`, { cause: error });
  }
}
