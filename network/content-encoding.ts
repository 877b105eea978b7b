import { promisify } from 'node:util';
import { isNativeError } from 'node:util/types';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';

type Decoder = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>;

const decoders: Readonly<Record<string, Decoder>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
};

/** Thrown when decoded content would be longer than allowed. */
export class ContentTooLargeError extends Error {
  override readonly name = 'ContentTooLargeError';
}

/**
 * Undoes a reply's `Content-Encoding` (RFC 9110, 8.4). We ask for none, but some servers compress all the same.
 * Unknown encodings leave the bytes as they are. Throws {@link ContentTooLargeError} past `maxBytes`, so that a small
 * reply cannot fill the memory, and zlib's own error when the bytes are not what the header says.
 */
export async function decodeContent(
  body: Uint8Array,
  contentEncoding: string,
  maxBytes: number,
): Promise<Uint8Array> {
  let bytes = body;
  for (const name of contentEncoding.toLowerCase().split(',').reverse()) {
    const decode = Object.hasOwn(decoders, name.trim()) ? decoders[name.trim()] : undefined;
    if (decode === undefined || bytes.length === 0) continue;
    try {
      bytes = await decode(bytes, { maxOutputLength: maxBytes });
    } catch (error) {
      if (isNativeError(error) && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
        throw new ContentTooLargeError(`more than ${maxBytes} bytes after decoding`, { cause: error });
      }
      throw error;
    }
  }
  return bytes;
}
