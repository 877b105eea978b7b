import { crc32, deflateRawSync } from 'node:zlib';
import { unzipMember } from './unzip.ts';

interface Member {
  readonly name: string;
  readonly content: string;
  readonly stored?: boolean;
}

function zip(members: readonly Member[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, stored = false } of members) {
    const data = stored ? Buffer.from(content) : deflateRawSync(content);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(stored ? 0 : 8, 10);
    entry.writeUInt32LE(crc32(content), 16);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, Buffer.from(name));
    parts.push(header, Buffer.from(name), data);
    offset += header.length + name.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

const members = [
  { name: 'first.txt', content: 'one '.repeat(100) },
  { name: 'folder/second.txt', content: 'two', stored: true },
];

test.each(members)('takes $name out', ({ name, content }) => {
  expect(unzipMember(zip(members), name).toString()).toBe(content);
});

test('names the member that is missing', () => {
  expect(() => unzipMember(zip(members), 'third.txt')).toThrow('the archive has no member third.txt');
});

test('refuses content whose checksum is wrong', () => {
  const archive = zip([{ name: 'second.txt', content: 'two', stored: true }]);
  archive.write('too', archive.indexOf('two'));
  expect(() => unzipMember(archive, 'second.txt')).toThrow('the checksum of second.txt is wrong');
});

test('refuses what is no zip archive', () => {
  expect(() => unzipMember(Buffer.from('<html>not found</html>'), 'first.txt')).toThrow('not a zip archive');
});
