import protobuf from 'protobufjs';
import type { HttpSender } from '../../network/http-sender.ts';
import { createDocuments, fetchDocument } from '../http/documents.ts';
import type { Documents, FetchedDocument } from '../http/documents.ts';
import { ProtoError } from './proto-error.ts';
import { readProtoFile } from './proto-folder.ts';
import { importUrl, isOptionFile } from './proto-import.ts';

/** Proto files with everything that they import. Their `fetch` rejects with a {@link ProtoError} for what is none. */
export type Protos = Documents<protobuf.Root>;

/** One service's files are a few dozen. */
const maxFiles = 200;

/** Proto files by http and https through the guarded sender, and by `file:` from `folder` where there is one. */
export function createProtos(http: HttpSender, folder: string | undefined): Protos {
  return createDocuments((url, authorization) =>
    loadProto(url, (at) =>
      at.protocol === 'file:' ? readProtoFile(at, folder) : fetchDocument(http, at, authorization),
    ),
  );
}

async function loadProto(first: URL, read: (url: URL) => Promise<FetchedDocument>): Promise<protobuf.Root> {
  const root = new protobuf.Root();
  const known = new Set([first.href]);
  const bundled = new Set<string>();
  // The set grows while it is walked, by what each file imports.
  for (const href of known) {
    const { text, url } = await read(new URL(href));
    for (const name of parseInto(root, text, url)) {
      const ours = protobuf.common.get(name)?.nested;
      if (ours !== undefined && !bundled.has(name)) root.addJSON(ours);
      if (ours !== undefined) bundled.add(name);
      else if (!isOptionFile(name)) known.add(importUrl(url, name).href);
    }
    if (known.size > maxFiles) throw new ProtoError(`it imports more than ${maxFiles} files`);
  }
  try {
    root.resolveAll();
    return root;
  } catch (error) {
    throw unusable(first, error);
  }
}

/** Adds what a file declares to `root`, and gives the names of the files that it imports. */
function parseInto(root: protobuf.Root, text: string, url: URL): string[] {
  try {
    const { imports, weakImports } = protobuf.parse(text, root, { keepCase: true });
    return [...(imports ?? []), ...(weakImports ?? [])];
  } catch (error) {
    throw unusable(url, error);
  }
}

function unusable(url: URL, error: unknown): ProtoError {
  const message = error instanceof Error ? error.message : String(error);
  return new ProtoError(`${url.pathname}: ${message}`, { cause: error });
}
