/** Everything that a running service leaves behind or tells: looked through with one search. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Search } from './search.ts';

const { History } = proto.temporal.api.history.v1;

export interface LeftoversOptions {
  readonly namespace: string;
  readonly temporalAddress: string;
  /** The service's API, and the headers that open it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The folder of the service's state, whose files are read byte for byte. */
  readonly data: string;
  /** What the service printed. */
  readonly log: () => string;
}

/** Looks through histories, descriptions, schedules, API answers, files and the log. */
export async function lookThrough(search: Search, options: LeftoversOptions): Promise<void> {
  const { temporalAddress, namespace } = options;
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    const ids = await lookThroughTemporal(search, connection, namespace);
    await lookThroughApi(search, options, ids);
  } finally {
    await connection.close();
  }
  for (const [index, line] of options.log().split('\n').entries())
    search.look('log lines', String(index + 1), line);
  await lookThroughFiles(search, options.data);
}

interface RunId {
  readonly workflowId: string;
  readonly runId: string;
}

async function lookThroughTemporal(
  search: Search,
  connection: Connection,
  namespace: string,
): Promise<RunId[]> {
  const service = connection.workflowService;
  lookInside(search, 'namespace', await service.describeNamespace({ namespace }));
  const { schedules } = await service.listSchedules({ namespace, maximumPageSize: 1_000 });
  for (const { scheduleId } of schedules) {
    const place = `schedule ${scheduleId ?? ''}`;
    lookInside(search, place, await service.describeSchedule({ namespace, scheduleId }));
  }
  const { executions } = await service.listWorkflowExecutions({ namespace, pageSize: 1_000 });
  const runs: RunId[] = [];
  for (const listed of executions) {
    const { workflowId, runId } = listed.execution ?? {};
    if (!workflowId || !runId) continue;
    runs.push({ workflowId, runId });
    lookInside(search, `list ${workflowId}`, listed);
    const execution = { workflowId, runId };
    lookInside(search, workflowId, await service.describeWorkflowExecution({ namespace, execution }));
    let nextPageToken: Uint8Array | undefined;
    do {
      const page = await service.getWorkflowExecutionHistory({ namespace, execution, nextPageToken });
      for (const event of page.history?.events ?? []) {
        const place = `${workflowId}, event ${String(event.eventId)}`;
        search.look('history events', place, History.encode({ events: [event] }).finish());
        lookInside(search, place, event);
      }
      nextPageToken = page.nextPageToken?.length ? page.nextPageToken : undefined;
    } while (nextPageToken !== undefined);
  }
  return runs;
}

/** Looks at each text and each field of bytes of a message by itself. */
function lookInside(search: Search, place: string, value: unknown): void {
  if (typeof value === 'string') search.look('fields', place, value);
  else if (value instanceof Uint8Array) search.look('payload fields', place, value);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      search.look('fields', place, name);
      lookInside(search, `${place} ${name}`, member);
    }
  }
}

async function lookThroughApi(
  search: Search,
  { url, headers }: LeftoversOptions,
  runs: readonly RunId[],
): Promise<void> {
  const ask = async (
    path: string,
    init: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> } = {},
  ): Promise<string> => {
    const response = await fetch(url + path, { ...init, headers: { ...headers, ...init.headers } });
    const body = await response.text();
    search.look('API answers', path, `${JSON.stringify([...response.headers])}\n${body}`);
    return body;
  };
  const pages = ['/v1/definitions', '/v1/workflows', '/v1/executions', '/v1/schedules', '/v1/events'];
  const others = ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs', '/nothing'];
  for (const path of [...pages.map((page) => `${page}?limit=100`), ...others]) await ask(path);
  const { definitions = [] } = JSON.parse(await ask('/v1/definitions?limit=100')) as {
    definitions?: readonly { readonly namespace: string; readonly name: string }[];
  };
  for (const { namespace, name } of definitions) {
    const path = `/v1/definitions/${namespace}/${name}`;
    for (const part of ['', '/versions', '/versions/latest']) await ask(path + part);
    await ask(`/v1/schedules/${namespace}/${name}`);
  }
  for (const { workflowId, runId } of runs) {
    const path = `/v1/executions/${encodeURIComponent(workflowId)}`;
    for (const part of [
      '',
      '/result',
      '/history',
      '/queries/status',
      '/queries/unknown',
      `?runId=${runId}`,
    ]) {
      await ask(path + part);
    }
    await ask(`${path}/signals/x`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
  }
  await ask('/v1/executions', { headers: { authorization: 'Bearer wrong' } });
}

async function lookThroughFiles(search: Search, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // A database's journal comes and goes.
    const content = await readFile(path).catch(() => undefined);
    if (content !== undefined) search.look('files', path, content);
  }
}
