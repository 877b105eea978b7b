/**
 * The child process that runs JavaScript: reads one {@link Script} from standard input and runs it in QuickJS, compiled
 * to WebAssembly. The script gets text in and text out and nothing else; whoever starts this process gives it no rights
 * of its own either, and ends it when it takes too long.
 */
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import type { Script } from './script.ts';

const script = JSON.parse(readFileSync(0, 'utf8')) as Script;
const quickjs = await newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-wasmfile-release-sync'));
const context = quickjs.newContext();
context.runtime.setMemoryLimit(script.memoryBytes);
context.runtime.setModuleLoader(load);
process.exit(run(context));

/** What a script may import. */
function load(name: string): string {
  switch (name.replace(/^node:/, '')) {
    case 'fs':
      return `const { fs } = globalThis[Symbol.for('perdure.modules')];
        export default fs; export const { readFileSync, writeFileSync } = fs;`;
    case 'process':
      return `const { process } = globalThis[Symbol.for('perdure.modules')];
        export default process; export const { argv, env, exit, stdin, stdout, stderr } = process;`;
    default:
      throw new Error(
        `"${name}" cannot be imported: a script has node:fs for its standard streams, and node:process`,
      );
  }
}

/** Runs the script to its end, timers included, and gives its exit code. */
function run(vm: QuickJSContext): number {
  const guest = setUp(vm);
  const call = (name: string): QuickJSHandle => orFail(vm, vm.callMethod(guest, name));
  const outcome = orFail(vm, vm.evalCode(script.code, 'script.js', { type: 'module' }));
  for (;;) {
    const jobs = vm.runtime.executePendingJobs();
    if (jobs.error) fail(jobs.error.context, jobs.error);
    const state = vm.getPromiseState(outcome);
    if (state.type === 'rejected') fail(vm, state.error);
    const wait = vm.getNumber(call('untilNext'));
    if (wait < 0) return vm.getNumber(call('exitCode')) & 255;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait);
    call('fire');
  }
}

/** Puts into the virtual machine what a script finds there; gives what guest.js gives. */
function setUp(vm: QuickJSContext): QuickJSHandle {
  const host = vm.newObject();
  const exit = vm.newFunction('exit', (code) => process.exit(vm.getNumber(code) & 255));
  const write = vm.newFunction('write', (descriptor, text) => {
    writeAll(vm.getNumber(descriptor), Buffer.from(vm.getString(text)));
  });
  vm.setProp(host, 'exit', exit);
  vm.setProp(host, 'write', write);
  const argv = ['node', 'script.js', ...script.arguments];
  const given = JSON.stringify({ argv, env: script.environment, stdin: script.stdin });
  // Text that is JSON is an expression of ECMAScript.
  const givenValue = orFail(vm, vm.evalCode(`(${given})`));
  const source = readFileSync(join(import.meta.dirname, 'guest.js'), 'utf8');
  const module = orFail(vm, vm.evalCode(source, 'guest.js', { type: 'module' }));
  return orFail(vm, vm.callMethod(module, 'setUp', [host, givenValue]));
}

type CallResult = ReturnType<QuickJSContext['callMethod']>;

function orFail(vm: QuickJSContext, result: CallResult): QuickJSHandle {
  return result.error ? fail(vm, result.error) : result.value;
}

/** Ends as Node does on an error that nobody catches. */
function fail(vm: QuickJSContext, error: QuickJSHandle): never {
  const thrown: unknown = vm.dump(error);
  writeAll(2, Buffer.from(`Uncaught ${described(thrown)}\n`));
  process.exit(1);
}

function described(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null || !('message' in thrown)) return JSON.stringify(thrown);
  const { name = 'Error', message, stack = '' } = thrown as Record<string, unknown>;
  return `${String(name)}: ${String(message)}\n${String(stack)}`.trimEnd();
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let from = 0; from < bytes.length;) from += writeSync(descriptor, bytes, from);
}
