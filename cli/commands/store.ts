import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { reasonOf, StoreError } from '../../backends/store/errors.ts';
import { openStore } from '../../backends/store/open.ts';
import type { Store } from '../../backends/store/port.ts';
import { storeName } from '../../backends/store/store-name.ts';
import { exportLines, importDocuments } from '../../backends/store/transfer.ts';
import type { TransferProgress } from '../../backends/store/transfer.ts';
import { ConfigError } from '../../config/config-error.ts';
import { loadSettings } from '../../config/load-settings.ts';
import type { CliContext } from '../context.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { printable } from '../terminal.ts';

interface StoreOptions {
  readonly store?: string;
}

/** How often progress is told, in milliseconds. */
const progressEveryMs = 2_000;

/** `store migrate`, `ping`, `export` and `import`: they speak to the database itself, whether or not a service runs. */
export function addStoreCommands(program: Command, context: CliContext): void {
  const store = program.command('store').description('prepare, check and copy the database of the service');
  addMigrate(store, context);
  addPing(store, context);
  addExport(store, context);
  addImport(store, context);
}

function addMigrate(store: Command, context: CliContext): void {
  withStoreOption(store.command('migrate'))
    .description('make or update the tables of the store')
    .addHelpText(
      'after',
      `
The service does so itself when it starts, where its user may. Safe to repeat, and to run by several at once.

Example:
  $ perdure store migrate --store postgres://admin@db.internal/perdure`,
    )
    .action((options: StoreOptions) =>
      withStore(context, options, async (_opened, name) => {
        context.terminal.out(`The store ${name} is up to date.\n`);
      }),
    );
}

function addPing(store: Command, context: CliContext): void {
  withStoreOption(store.command('ping'))
    .description('check that the store answers')
    .action((options: StoreOptions) =>
      withStore(context, options, async (opened, name) => {
        const begun = performance.now();
        await opened.ping();
        const took = Math.ceil(performance.now() - begun);
        context.terminal.out(`The store ${name} answers (${took} ms).\n`);
      }),
    );
}

function addExport(store: Command, context: CliContext): void {
  withStoreOption(store.command('export').argument('<file>', 'where to write; - is stdout'))
    .description('write every document of the store as lines of JSON')
    .addHelpText(
      'after',
      `
Example, from one database into another:
  $ perdure store export - | perdure store import - --store postgres://perdure@db.internal/perdure`,
    )
    .action((file: string, options: StoreOptions) =>
      withStore(context, options, async (opened, name) => {
        const tell = progressTo(context, 'exported');
        await write(file, exportLines(opened, tell.progress));
        context.terminal.err(`${tell.summary()} from ${name}.\n`);
      }),
    );
}

function addImport(store: Command, context: CliContext): void {
  const { terminal } = context;
  withStoreOption(store.command('import').argument('<file>', 'what export wrote; - is stdin'))
    .description('write the documents of an export into the store')
    .option('--overwrite', 'replace documents that hold another value; otherwise they stay and are listed')
    .addHelpText(
      'after',
      `
Documents that are there already, the same, stay: an import that was cut off is completed by doing it again.

Example:
  $ perdure store import backup.jsonl`,
    )
    .action((file: string, { overwrite, ...options }: StoreOptions & { readonly overwrite?: boolean }) =>
      withStore(context, options, async (opened, name) => {
        const { progress } = progressTo(context, 'read');
        const chunks = file === '-' ? process.stdin : createReadStream(file);
        const count = await importDocuments(opened, chunks, { overwrite, progress });
        const { written, unchanged, conflicting, conflicts } = count;
        terminal.out(`${written} documents written into ${name}, ${unchanged} were there.\n`);
        if (conflicting === 0) return;
        for (const key of conflicts) terminal.err(`holds another value: ${printable(JSON.stringify(key))}\n`);
        throw new CliError(
          exitCodes.refused,
          `Another value is there for ${conflicting} of the documents, and stays; --overwrite replaces it.`,
        );
      }),
    );
}

function withStoreOption(command: Command): Command {
  return command.option('--store <url>', 'the store (default: the setting `store`, PERDURE_STORE)');
}

/** Opens the store for one command, and makes of its errors what a person at a terminal can use. */
async function withStore(
  { environment, root }: CliContext,
  { store: chosen }: StoreOptions,
  use: (store: Store, name: string) => Promise<void>,
): Promise<void> {
  let store: Store | undefined;
  try {
    const settings = loadSettings({ root, env: environment });
    const url = chosen ?? settings.store;
    store = await openStore(url, settings.data);
    await use(store, storeName(url));
  } catch (error) {
    throw explained(error);
  } finally {
    await store?.close();
  }
}

function explained(error: unknown): unknown {
  if (error instanceof ConfigError) return new CliError(exitCodes.usage, error.message, { cause: error });
  if (error instanceof StoreError) {
    const code = error.type === 'invalid' ? exitCodes.usage : exitCodes.unreachable;
    return new CliError(code, error.message, { cause: error });
  }
  const isFile = typeof error === 'object' && error !== null && 'syscall' in error;
  return isFile ? new CliError(exitCodes.usage, reasonOf(error), { cause: error }) : error;
}

/** A file is there when it is whole, and only its owner reads it. */
async function write(file: string, lines: AsyncIterable<string>): Promise<void> {
  if (file === '-') return await pipeline(Readable.from(lines), process.stdout, { end: false });
  const part = `${file}.part`;
  try {
    await pipeline(Readable.from(lines), createWriteStream(part, { mode: 0o600, flush: true }));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

function progressTo(
  { terminal }: CliContext,
  verb: string,
): { readonly progress: (progress: TransferProgress) => void; readonly summary: () => string } {
  let latest: TransferProgress = { documents: 0, bytes: 0 };
  let toldAt = performance.now();
  const summary = (): string => {
    const { documents, bytes } = latest;
    return `${documents.toLocaleString('en')} documents (${(bytes / 1e6).toFixed(1)} MB) ${verb}`;
  };
  return {
    summary,
    progress: (progress) => {
      latest = progress;
      if (performance.now() - toldAt < progressEveryMs) return;
      toldAt = performance.now();
      terminal.err(`${summary()}\n`);
    },
  };
}
