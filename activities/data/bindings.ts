/** The databases that the configuration names for definitions, each opened by the first call that uses it. */
import { SqlError } from '../../backends/sql/errors.ts';
import { openSql } from '../../backends/sql/open.ts';
import type { SqlFolders } from '../../backends/sql/open.ts';
import type { SqlDatabase } from '../../backends/sql/port.ts';
import { StoreError } from '../../backends/store/errors.ts';
import { openStore } from '../../backends/store/open.ts';
import type { Store } from '../../backends/store/port.ts';
import { standardFault } from '../../dsl/errors.ts';
import { orList, quote } from '../../dsl/wording.ts';
import { createRedactor } from '../secrets/redaction.ts';
import type { Redactor } from '../secrets/redaction.ts';
import { createDocuments } from './documents.ts';
import type { Documents } from './documents.ts';

export interface BindingSettings {
  /** As the setting `store` has it. */
  readonly url: string;
  readonly access: 'read' | 'write';
  /** Most rows of one answer. */
  readonly rows: number;
  /** Most bytes of one answer's rows, as JSON. */
  readonly bytes: number;
  /** For one statement. */
  readonly timeoutMs: number;
  /** How long a write of `sql.query` is remembered. */
  readonly rememberDays: number;
}

/** A binding by its name. What its databases say passes the redactor, which knows the URL's password. */
export interface Binding {
  readonly name: string;
  readonly settings: BindingSettings;
  readonly redactor: Redactor;
  documents(): Promise<Documents>;
  sql(): Promise<SqlDatabase>;
}

export interface Bindings {
  /** Faults with `configuration` where the configuration has no such binding. */
  named(name: string, reference: string): Binding;
  close(): Promise<void>;
}

/** The bindings of the configuration; a relative path of `sqlite:` is inside `folders.data`. */
export function openBindings(
  settings: Readonly<Record<string, BindingSettings>>,
  folders: SqlFolders,
): Bindings {
  const opened = Object.entries(settings).map(([name, binding]) => openBinding(name, binding, folders));
  return {
    named(name, reference) {
      const binding = opened.find((one) => one.name === name);
      if (binding !== undefined) return binding;
      const names = opened.map((one) => quote(one.name));
      const known =
        names.length === 0 ? 'there is none' : `there are ${orList(names).replace(' or ', ' and ')}`;
      const detail = `the configuration has no binding ${quote(name)} (setting bindings); ${known}`;
      throw standardFault('configuration', reference, detail);
    },
    close: async () => {
      await Promise.all(opened.map((binding) => binding.close()));
    },
  };
}

/** For a service without bindings. */
export const noBindings: Bindings = openBindings({}, { data: '', root: '' });

function openBinding(
  name: string,
  settings: BindingSettings,
  folders: SqlFolders,
): Binding & { close(): Promise<void> } {
  const { url, access, rememberDays } = settings;
  const store = openedOnce<Store>(() => openStore(url, folders.data));
  const sql = openedOnce<SqlDatabase>(() => openSql(url, { ...folders, rememberDays }));
  return {
    name,
    settings,
    redactor: createRedactor(secretsIn(url)),
    documents: async () => createDocuments(await store.get(), access === 'write'),
    sql: () => sql.get(),
    close: async () => {
      await Promise.all([store.close(), sql.close()]);
    },
  };
}

/** What is opened for the first who asks and shared by all; what could not be opened is tried again. */
function openedOnce<Opened extends { close(): Promise<void> }>(
  open: () => Promise<Opened>,
): { get(): Promise<Opened>; close(): Promise<void> } {
  let opening: Promise<Opened> | undefined;
  return {
    get() {
      if (opening !== undefined) return opening;
      const attempt = open().catch((error: unknown) => {
        throw unlessUrl(error);
      });
      opening = attempt;
      attempt.catch(() => {
        if (opening === attempt) opening = undefined;
      });
      return attempt;
    },
    async close() {
      const opened = await opening?.catch(() => undefined);
      await opened?.close();
    },
  };
}

/** What a store says of its URL tells of another setting; here it is the configuration of a binding that is wrong. */
function unlessUrl(error: unknown): unknown {
  if (!(error instanceof StoreError) || error.type !== 'invalid') return error;
  const message = error.message.replace(' (setting `store`, PERDURE_STORE)', '');
  return new SqlError('invalid', message, { cause: error });
}

/** The password of a URL, as it is written there and as it is. */
function secretsIn(url: string): string[] {
  const written = /^[^:]+:\/\/[^:@/?]*:([^@]*)@/.exec(url)?.[1];
  if (written === undefined) return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}
