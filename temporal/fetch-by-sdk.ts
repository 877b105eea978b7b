import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerBinary } from './binaries.ts';
import { runCommand } from './run-command.ts';

/** A network that swallows packets must not hold up the start: no file begun within this time is a failure. */
const firstByteMs = 15_000;
const wholeDownloadMs = 10 * 60_000;

/**
 * Fetches the binary by the SDK's own download, in a child process and a folder of its own below `folder`. Fails with
 * an error that says why it could not be reached. `root` is the project's folder.
 */
export async function fetchBySdk(
  binary: ServerBinary,
  folder: string,
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<Buffer> {
  const work = await mkdtemp(join(folder, '.sdk-'));
  const stop = new AbortController();
  const firstByte = setTimeout(() => {
    void readdir(work).then((files) => files.length === 0 && stop.abort());
  }, firstByteMs);
  const whole = setTimeout(() => stop.abort(), wholeDownloadMs);
  try {
    const program = join(root, 'temporal', 'sdk-download.ts');
    const args = [program, binary.sdkType, binary.version, work];
    const { code, output } = await runCommand(process.execPath, args, { env, signal: stop.signal });
    const [file] = await readdir(work);
    if (stop.signal.aborted) throw new Error('temporal.download does not answer');
    if (code !== 0 || file === undefined) throw new Error(innermost(output));
    return await readFile(join(work, file));
  } finally {
    clearTimeout(firstByte);
    clearTimeout(whole);
    await rm(work, { recursive: true, force: true });
  }
}

// The SDK strings the causes together, each of which repeats the address.
function innermost(output: string): string {
  const causes = output.split(': ');
  const repeated = causes.findIndex((cause) => cause.startsWith('client error'));
  return (repeated < 0 ? output : causes.slice(repeated).join(': ')) || 'the SDK downloaded nothing';
}
