import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataFolder, openDataFolder } from './data-folder.ts';

let data: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'perdure-data-'));
});

afterEach(async () => {
  await chmod(data, 0o700);
  await rm(data, { recursive: true, force: true });
});

test('a second process on the folder is told who holds it, until the first is killed', async () => {
  const program = `import { lockDataFolder } from ${JSON.stringify(join(__dirname, 'data-folder.ts'))};
    const lock = await lockDataFolder(${JSON.stringify(data)});
    await lock.announce('http://127.0.0.1:8090');
    process.stdout.write('locked');
    setInterval(() => undefined, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  await once(holder.stdout, 'data');
  await expect(lockDataFolder(data)).rejects.toThrow(
    `Perdure already runs on the data folder ${data} (pid ${holder.pid}, http://127.0.0.1:8090). Stop it, or set PERDURE_DATA`,
  );

  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const lock = await lockDataFolder(data);
  await lock.release();
});

test('the folder is free after a release', async () => {
  await (await lockDataFolder(data)).release();
  await (await lockDataFolder(data)).release();
});

test('makes missing folders, and says what to do where it cannot', async () => {
  await openDataFolder(join(data, 'a', 'b'));
  await writeFile(join(data, 'file'), '');
  await expect(openDataFolder(join(data, 'file'))).rejects.toThrow(
    /data folder .*file cannot be used: it is a file\.\nMove the file away/,
  );
  await expect(openDataFolder(join(data, 'file', 'c'))).rejects.toThrow(
    /data folder .*file\/c cannot be used: .*set PERDURE_DATA to another folder/s,
  );
});
