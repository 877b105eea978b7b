import { createHash } from 'node:crypto';
import type { EncodedBody } from '../http/http-body.ts';

/** One part of a `multipart/form-data` body (RFC 7578). */
export interface Part {
  readonly name: string;
  readonly filename?: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/**
 * The parts as one body. Its boundary comes from what it holds, so that a repeated request is the same to the byte: some
 * services compare bodies under one idempotency key.
 */
export function multipartBody(contentType: string, parts: readonly Part[]): EncodedBody {
  const written = parts.map((part) => Buffer.concat([Buffer.from(headersOf(part)), part.bytes]));
  const digest = createHash('sha256');
  for (const part of written) digest.update(`${part.length};`).update(part);
  const boundary = `perdure-${digest.digest('hex').slice(0, 40)}`;
  const pieces = written.flatMap((part) => [Buffer.from(`--${boundary}\r\n`), part, Buffer.from('\r\n')]);
  return {
    contentType: `${contentType.replace(/;\s*boundary=[^;]*/i, '')}; boundary=${boundary}`,
    bytes: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

function headersOf({ name, filename, contentType }: Part): string {
  const file = filename === undefined ? '' : `; filename="${escaped(filename)}"`;
  const type = contentType.replace(/[\r\n]/g, ' ');
  return `Content-Disposition: form-data; name="${escaped(name)}"${file}\r\nContent-Type: ${type}\r\n\r\n`;
}

// As browsers write them (HTML, "multipart form data").
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n|\r|\n/g, '%0D%0A')
    .replaceAll('"', '%22');
}
