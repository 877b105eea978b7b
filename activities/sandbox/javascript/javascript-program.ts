import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SandboxedProgram } from '../sandbox.ts';
import type { Script } from './script.ts';

/** What Node itself and the compiled QuickJS take. */
const ownMemoryBytes = 160 * 1024 * 1024;

/** The packages of QuickJS, and the file by which Node knows that they and the child are modules. */
const packages = [
  'quickjs-emscripten-core',
  '@jitl/quickjs-ffi-types',
  '@jitl/quickjs-wasmfile-release-sync',
].map((name) => join('node_modules', name));

/** The child process that runs a script in JavaScript. `root` is the project's folder. */
export function javascriptProgram(root: string, script: Script): SandboxedProgram {
  const folder = join(root, 'activities/sandbox/javascript');
  const readable = [folder, ...packages.map((path) => join(root, path)), join(root, 'package.json')];
  const node = realpathSync(process.execPath);
  // Node's own rights: these files to read, nothing to write, no child process, no thread, no native code.
  const rights = ['--permission', ...readable.map((path) => `--allow-fs-read=${path}`)];
  return {
    command: [node, ...rights, '--max-old-space-size=64', join(folder, 'child.ts')],
    environment: {},
    stdin: JSON.stringify(script),
    visible: [...readable, dirname(node)],
    kind: 'runtime',
    ownMemoryBytes,
  };
}
