import type { z } from 'zod';
import type { Json, JsonObject } from '../dsl/json.ts';
import { CliError, exitCodes } from './exit-codes.ts';
import * as responses from './responses.ts';
import type { Checked, Execution, ProblemBody, Started } from './responses.ts';

/** A refusal that carries the API's problem document. */
export class ApiProblem extends CliError {
  readonly status: number;
  readonly problem: ProblemBody;

  constructor(status: number, problem: ProblemBody) {
    super(
      status === 502 || status === 503 ? exitCodes.unreachable : exitCodes.refused,
      problem.detail ?? problem.title ?? `The service answered ${status}`,
    );
    this.status = status;
    this.problem = problem;
  }
}

export interface ClientOptions {
  /** Without a slash at the end. */
  readonly url: string;
  readonly apiKey?: string;
}

export interface StartRequest {
  readonly workflow: string;
  readonly version?: string;
  readonly input?: Json;
  readonly id?: string;
  readonly startAt?: JsonObject;
}

export type Operation = 'suspend' | 'resume' | 'retry' | 'migrate' | 'cancel' | 'terminate';

interface RequestOptions {
  readonly body?: Json;
  /** A document sent as it is. */
  readonly text?: { readonly type: string; readonly content: string };
  readonly query?: Readonly<Record<string, string | undefined>>;
}

type Query = Readonly<Record<string, string | undefined>>;

/** Entries that a page of the API holds. */
const maxPage = 500;

/** Longest wait for an answer, in milliseconds: the API's own longest wait and some more. */
const answerTimeoutMs = 40_000;

/** The API as functions. Each fails with {@link ApiProblem} where it refuses and {@link CliError} where it is gone. */
export class ApiClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Stores a document; `created` is false where this version was there with the same content. */
  async deploy(
    content: string,
    type: string,
  ): Promise<{ readonly created: boolean; readonly checked: Checked }> {
    const path = '/v1/definitions';
    const { status, body } = await this.#send('POST', path, { text: { content, type } });
    return { created: status === 201, checked: this.#parse(responses.checked, body, path) };
  }

  /** Resolves when the document is valid. */
  validate(content: string, type: string): Promise<Checked> {
    return this.#call(responses.checked, 'POST', '/v1/definitions/validate', { text: { content, type } });
  }

  start(request: StartRequest): Promise<Started> {
    const { workflow, version, input, id, startAt } = request;
    const body: Record<string, Json> = { workflow };
    if (version !== undefined) body.version = version;
    if (input !== undefined) body.input = input;
    if (id !== undefined) body.id = id;
    if (startAt !== undefined) body.startAt = startAt;
    return this.#call(responses.started, 'POST', '/v1/executions', { body });
  }

  execution(id: string): Promise<Execution> {
    return this.#call(responses.execution, 'GET', executionPath(id));
  }

  executions(
    query: Readonly<Record<string, string | undefined>>,
  ): Promise<z.infer<typeof responses.executionList>> {
    return this.#call(responses.executionList, 'GET', '/v1/executions', { query });
  }

  definitions(): Promise<z.infer<typeof responses.definitionList>> {
    return this.#call(responses.definitionList, 'GET', '/v1/definitions', { query: { limit: '500' } });
  }

  workflows(): Promise<z.infer<typeof responses.workflowList>> {
    return this.#call(responses.workflowList, 'GET', '/v1/workflows', { query: { limit: '500' } });
  }

  async signal(id: string, name: string, input: Json | undefined): Promise<void> {
    const body: Json = input === undefined ? {} : { input };
    await this.#send('POST', `${executionPath(id)}/signals/${encodeURIComponent(name)}`, { body });
  }

  /** Sends one event, or a list of them. */
  sendEvents(events: Json): Promise<z.infer<typeof responses.routedEvents>> {
    const type = `application/cloudevents${Array.isArray(events) ? '-batch' : ''}+json`;
    const text = { type, content: JSON.stringify(events) };
    return this.#call(responses.routedEvents, 'POST', '/v1/events', { text });
  }

  /** Events of the inbox, at most so many. */
  async inbox(query: Query, limit: number): Promise<readonly responses.InboxEntry[]> {
    return this.#pages(limit, async (page) => {
      const found = await this.#call(responses.inbox, 'GET', '/v1/events', { query: { ...query, ...page } });
      return { items: found.events, nextCursor: found.nextCursor };
    });
  }

  /** Locks that are held or waited for, at most so many. */
  async locks(limit: number): Promise<readonly responses.Lock[]> {
    return this.#pages(limit, async (page) => {
      const found = await this.#call(responses.lockList, 'GET', '/v1/locks', { query: page });
      return { items: found.locks, nextCursor: found.nextCursor };
    });
  }

  lock(key: string): Promise<responses.Lock> {
    return this.#call(responses.lock, 'GET', `/v1/locks/${encodeURIComponent(key)}`);
  }

  /** Dead letters, the latest first, at most so many. */
  async deadLetters(query: Query, limit: number): Promise<readonly responses.DeadLetter[]> {
    return this.#pages(limit, async (page) => {
      const path = '/v1/dead-letters';
      const found = await this.#call(responses.deadLetterList, 'GET', path, { query: { ...query, ...page } });
      return { items: found.deadLetters, nextCursor: found.nextCursor };
    });
  }

  deadLetter(id: string): Promise<responses.DeadLetter> {
    return this.#call(responses.deadLetter, 'GET', deadLetterPath(id));
  }

  /** Sends one dead letter again. */
  redrive(id: string): Promise<responses.RoutedEvent> {
    return this.#call(responses.routedEvent, 'POST', `${deadLetterPath(id)}/redrive`, { body: {} });
  }

  /** Sends as many dead letters again as the service does in one call. */
  redriveMany(body: JsonObject): Promise<z.infer<typeof responses.redrivenMany>> {
    return this.#call(responses.redrivenMany, 'POST', '/v1/dead-letters/redrive', { body });
  }

  async dropDeadLetter(id: string): Promise<void> {
    await this.#send('DELETE', deadLetterPath(id), {});
  }

  schedules(): Promise<z.infer<typeof responses.scheduleList>> {
    return this.#call(responses.scheduleList, 'GET', '/v1/schedules', { query: { limit: '500' } });
  }

  /** `workflow` is `namespace/name`. */
  async schedule(workflow: string, action: 'trigger' | 'pause' | 'resume'): Promise<void> {
    const path = workflow.split('/').map(encodeURIComponent).join('/');
    await this.#send('POST', `/v1/schedules/${path}/${action}`, {});
  }

  /** Task runs of an execution, the latest page first. */
  tasks(
    id: string,
    query: Readonly<Record<string, string | undefined>>,
  ): Promise<z.infer<typeof responses.taskPage>> {
    return this.#call(responses.taskPage, 'GET', `${executionPath(id)}/tasks`, { query });
  }

  /** What a person does to an execution; with `dryRun` nothing changes. `schema` is that of the answer. */
  operate<T extends z.ZodType>(
    schema: T,
    id: string,
    operation: Operation,
    { body = {}, dryRun = false }: { readonly body?: JsonObject; readonly dryRun?: boolean } = {},
  ): Promise<z.output<T>> {
    const query = { dryRun: dryRun ? 'true' : undefined };
    return this.#call(schema, 'POST', `${executionPath(id)}/${operation}`, { body, query });
  }

  /** Whether the service answers and can work; never fails. */
  async isReady(): Promise<boolean> {
    try {
      const response = await fetch(`${this.#options.url}/readyz`, { signal: AbortSignal.timeout(5_000) });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  /** Goes through pages until there are `limit` items. */
  async #pages<Item>(
    limit: number,
    read: (page: Query) => Promise<{ readonly items: readonly Item[]; readonly nextCursor?: string | null }>,
  ): Promise<readonly Item[]> {
    const items: Item[] = [];
    let cursor: string | undefined;
    do {
      const page = await read({ limit: String(Math.min(limit - items.length, maxPage)), cursor });
      items.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && items.length < limit);
    return items;
  }

  async #call<T extends z.ZodType>(
    schema: T,
    method: string,
    path: string,
    options: RequestOptions = {},
  ): Promise<z.output<T>> {
    const { body } = await this.#send(method, path, options);
    return this.#parse(schema, body, path);
  }

  #parse<T extends z.ZodType>(schema: T, body: unknown, path: string): z.output<T> {
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new CliError(
      exitCodes.refused,
      `${path} answered what this version does not understand (at "${where}"). ` +
        `Is ${this.#options.url} Perdure, and of the same version?`,
    );
  }

  async #send(
    method: string,
    path: string,
    { body, text, query }: RequestOptions,
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const { url, apiKey } = this.#options;
    const address = new URL(url + path);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) address.searchParams.set(name, value);
    }
    const headers: Record<string, string> = { accept: 'application/json, application/problem+json' };
    if (apiKey !== undefined) headers.authorization = `Bearer ${apiKey}`;
    if (text !== undefined) headers['content-type'] = text.type;
    else if (body !== undefined) headers['content-type'] = 'application/json';
    const sent = text?.content ?? (body === undefined ? undefined : JSON.stringify(body));
    try {
      const signal = AbortSignal.timeout(answerTimeoutMs);
      const response = await fetch(address, { method, headers, body: sent, signal });
      const content = await response.text();
      if (response.ok) return { status: response.status, body: parseJson(content) };
      throw new ApiProblem(response.status, responses.problem.safeParse(parseJson(content)).data ?? {});
    } catch (error) {
      if (error instanceof CliError) throw error;
      throw unreachable(url, error);
    }
  }
}

/** The problem of a service that gives no answer. */
function unreachable(url: string, cause: unknown): CliError {
  const message = `No Perdure service answers on ${url}. Start one with "npm start", or set PERDURE_URL.`;
  return new CliError(exitCodes.unreachable, message, { cause });
}

function deadLetterPath(id: string): string {
  return `/v1/dead-letters/${encodeURIComponent(id)}`;
}

function executionPath(id: string): string {
  return `/v1/executions/${encodeURIComponent(id)}`;
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
