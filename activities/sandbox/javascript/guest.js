// A module that QuickJS runs before the script: what the script finds beside ECMAScript, as Node has it and as the
// specification's examples use it. Everything here is in the script's own hands and guards nothing.

/**
 * Puts console, process and timers in place. `host` has the only two doors to the outside, write(descriptor, text) and
 * exit(code). Gives what the child process asks for between the script's turns.
 */
export function setUp(host, { argv, env, stdin }) {
  globalThis.console = createConsole(host);
  globalThis.process = createProcess(host, argv, env, stdin);
  globalThis.queueMicrotask = (callback) => {
    void afterThis(callback);
  };
  // Where the modules that a script may import look.
  Object.defineProperty(globalThis, Symbol.for('perdure.modules'), {
    value: { fs: createFs(host, stdin), process: globalThis.process },
  });
  return { ...startTimers(), exitCode: () => Number(globalThis.process.exitCode ?? 0) };
}

async function afterThis(callback) {
  await Promise.resolve();
  callback();
}

function textOf(value) {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return `${value.name}: ${value.message}\n${value.stack ?? ''}`.trimEnd();
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

function createConsole(host) {
  const printTo =
    (descriptor) =>
    (...values) =>
      host.write(descriptor, `${values.map(textOf).join(' ')}\n`);
  const out = printTo(1);
  const err = printTo(2);
  return { log: out, info: out, debug: out, warn: err, error: err, trace: err };
}

function createProcess(host, argv, env, stdin) {
  const output = (fd) => ({
    fd,
    write: (chunk) => {
      host.write(fd, textOf(chunk));
      return true;
    },
  });
  const input = {
    fd: 0,
    setEncoding: () => input,
    on: (event, listener) => {
      if (event === 'data' && stdin !== '') globalThis.queueMicrotask(() => listener(stdin));
      if (event === 'end') globalThis.setTimeout(() => listener(), 0);
      return input;
    },
    async *[Symbol.asyncIterator]() {
      if (stdin !== '') yield stdin;
    },
  };
  return {
    argv,
    env,
    exitCode: undefined,
    exit: (code) => host.exit(Number(code ?? globalThis.process.exitCode ?? 0)),
    stdin: input,
    stdout: output(1),
    stderr: output(2),
  };
}

/** What node:fs can do with standard streams. */
function createFs(host, stdin) {
  const streams = { '/dev/stdin': 0, '/dev/stdout': 1, '/dev/stderr': 2 };
  const descriptorOf = (file) => {
    const descriptor = typeof file === 'number' ? file : streams[file];
    if (descriptor === 0 || descriptor === 1 || descriptor === 2) return descriptor;
    throw new Error(`${String(file)}: a script has no files but its standard streams`);
  };
  return {
    readFileSync: (file) => {
      if (descriptorOf(file) === 0) return stdin;
      throw new Error(`${String(file)} cannot be read`);
    },
    writeFileSync: (file, data) => host.write(descriptorOf(file), textOf(data)),
  };
}

function startTimers() {
  const timers = new Map();
  let last = 0;
  const starter =
    (repeats) =>
    (callback, delay = 0, ...args) => {
      const wait = Math.max(0, delay);
      last += 1;
      timers.set(last, {
        at: Date.now() + wait,
        run: () => callback(...args),
        every: repeats ? wait : undefined,
      });
      return last;
    };
  const stop = (id) => {
    timers.delete(id);
  };
  Object.assign(globalThis, {
    setTimeout: starter(false),
    setInterval: starter(true),
    clearTimeout: stop,
    clearInterval: stop,
  });
  return {
    /** Milliseconds until the next timer is due, below 0 without any. */
    untilNext: () => {
      const moments = [...timers.values()].map((timer) => timer.at);
      return moments.length === 0 ? -1 : Math.max(0, Math.min(...moments) - Date.now());
    },
    /** Runs the timer that is due first. */
    fire: () => {
      const [[id, timer]] = [...timers].sort(([, one], [, other]) => one.at - other.at);
      if (timer.every === undefined) timers.delete(id);
      else timer.at = Date.now() + timer.every;
      timer.run();
    },
  };
}
