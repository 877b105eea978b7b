/**
 * An SQLite file through Node's own driver, in a process of its own: the driver holds its event loop while a statement
 * runs, and only the end of the process ends a statement that is late. One statement runs at a time.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { reasonOf } from '../store/errors.ts';
import { lateError, SqlError } from './errors.ts';
import { forgetting } from './forgetting.ts';
import type { SqlAnswer, SqlDatabase, SqlRequest } from './port.ts';
import type { SqliteReply, SqliteRequest } from './sqlite-messages.ts';

/** For the removal of some old calls. */
const forgetMs = 30_000;

/**
 * The database in the file at `path`, which remembers writes for so many days. A write makes the file; its folder must
 * exist. Both paths are absolute.
 */
export function openSqlite(path: string, root: string, rememberDays: number): SqlDatabase {
  let child: ChildProcess | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const calls = forgetting(async () => {
    const message = { path, forgetDays: rememberDays };
    return (await ask(message, { timeoutMs: forgetMs, signal: new AbortController().signal })).changes;
  });

  async function ask(
    message: SqliteRequest,
    { timeoutMs, signal }: Pick<SqlRequest, 'timeoutMs' | 'signal'>,
  ): Promise<SqlAnswer> {
    const until = Date.now() + timeoutMs;
    const turn = last.then(async () => {
      signal.throwIfAborted();
      if (isClosed) throw new SqlError('unavailable', 'this worker stops');
      child ??= await started(root);
      try {
        return await exchange(child, message, until - Date.now(), signal);
      } catch (error) {
        const ended = child;
        child = undefined;
        await end(ended);
        signal.throwIfAborted();
        throw error instanceof SqlError && error.type === 'late' ? lateError(timeoutMs) : error;
      }
    });
    last = turn.catch(() => undefined);
    const reply = await turn;
    if (reply.ok) return reply.answer;
    throw new SqlError(reply.type, reply.message);
  }

  function run(request: SqlRequest, key?: string): Promise<SqlAnswer> {
    const { statement, parameters, maxRows, maxBytes } = request;
    return ask({ path, statement, parameters, maxRows, maxBytes, key }, request);
  }

  return {
    read: (request) => run(request),
    async write(request, key) {
      const written = await run(request, key);
      calls.look();
      return written;
    },
    async close() {
      isClosed = true;
      await calls.stop();
      await last;
      if (child !== undefined) await end(child);
      child = undefined;
    },
  };
}

async function started(root: string): Promise<ChildProcess> {
  const child = fork(join(root, 'backends/sql/sqlite-process.ts'), {
    // It needs nothing of this process's environment, which may hold secrets.
    env: {},
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  child.on('error', () => undefined);
  await once(child, 'spawn');
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Sends the request and waits for the reply; rejects when the time is over, the signal aborts or the process ends. */
async function exchange(
  child: ChildProcess,
  request: SqliteRequest,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<SqliteReply> {
  const answered = new AbortController();
  const options = { signal: AbortSignal.any([signal, answered.signal]) };
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(lateError(timeoutMs)), Math.max(0, timeoutMs));
      options.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(new Error('nobody waits for it'));
      });
      const broken = (reason: string): void =>
        reject(new SqlError('unavailable', `its process ended: ${reason}`));
      once(child, 'message', options).then(
        ([reply]) => resolve(reply as SqliteReply),
        () => undefined,
      );
      once(child, 'exit', options).then(
        ([code, by]) => broken(String(code ?? by)),
        () => undefined,
      );
      child.send(request, (error) => error && broken(reasonOf(error)));
    });
  } finally {
    answered.abort();
  }
}
