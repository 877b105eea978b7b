import type { Json } from '../../../../dsl/json.ts';

/** A request that a stand-in got. */
export interface Call {
  /** `METHOD host/path?query`, as the example would have sent it. */
  readonly request: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** A request as the stand-in of a host sees it. */
export interface Visit extends Call {
  readonly method: string;
  /** Behind the host, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface Reply {
  readonly status?: number;
  /** JSON unless it is a text. */
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
}

/** The stand-in of one host. */
export type Site = (visit: Visit) => Reply | Promise<Reply>;

/** The stand-ins of one run, by host. */
export type Sites = Readonly<Record<string, Site>>;

export const notFound: Reply = { status: 404, body: { message: 'not found' } };
