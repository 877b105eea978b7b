import { readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FetchedDocument } from '../http/documents.ts';
import { ProtoError } from './proto-error.ts';

/** Larger than any that people write. */
const maxFileBytes = 8 * 1024 * 1024;

/**
 * Reads `file://app/greet.proto` as `app/greet.proto` below the folder of the setting `outgoing.grpc.protoFolder`.
 * Nothing outside of it is read, not by links either.
 */
export async function readProtoFile(url: URL, folder: string | undefined): Promise<FetchedDocument> {
  if (folder === undefined) {
    throw new ProtoError(
      'proto files are not read from this worker: name their folder in outgoing.grpc.protoFolder of ' +
        'temporal-config.yaml (PERDURE_PROTO_FOLDER), or give an http or https URL',
    );
  }
  // The specification's example takes the first folder for a host.
  const path = decodeURIComponent(`${url.host}${url.pathname}`);
  const missing = (cause?: unknown): ProtoError =>
    new ProtoError(`there is no file ${path} in outgoing.grpc.protoFolder`, { cause });
  const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]).catch(
    (error: unknown) => {
      throw missing(error);
    },
  );
  if (!file.startsWith(root + sep)) throw missing();
  const bytes = await readFile(file).catch((error: unknown) => {
    throw missing(error);
  });
  if (bytes.length > maxFileBytes) throw new ProtoError(`${path} has more than ${maxFileBytes} bytes`);
  return { text: bytes.toString(), url: new URL(`file:///${path.replace(/^\//, '')}`) };
}
