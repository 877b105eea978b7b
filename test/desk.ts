/** Steps at a partner that can be undone, for tests of compensation: how a definition names them, and what came of them. */
import { startPartner, type LoggedRequest, type Partner } from './partner.ts';

/** How a desk answers: `nth` counts the requests for the path from 1. What it gives is sent as JSON. */
type Reply = (nth: number) => Promise<unknown>;

/** A part of the partner that one test has for itself. */
export interface Desk {
  /** Without a slash at the end. */
  readonly url: string;
  /** What came, in order: `do/PATH` and `undo/PATH`. */
  paths(): readonly string[];
  /** The paths that were undone, in order. */
  undone(): readonly string[];
  /** What came for `do/PATH` or `undo/PATH`. */
  requests(path: string): readonly LoggedRequest[];
  /** Sets how `do/PATH` or `undo/PATH` is answered; else it is with its path. */
  answer(path: string, reply: Reply): void;
  /** A task that calls `do/PATH` and is undone by a call to `undo/PATH`. `more` are other members of it. */
  step(name: string, more?: string, path?: string): string;
  /** A task that calls `do/PATH`; nothing undoes it. */
  plain(name: string, more?: string, path?: string): string;
  /** The member of a task by which a call to `undo/PATH` undoes it. `more` are other members of that call's task. */
  compensate(path: string, more?: string): string;
}

export interface Desks {
  readonly partner: Partner;
  /** A new desk. */
  desk(): Desk;
  close(): Promise<void>;
}

/** Starts a partner that has desks. */
export async function startDesks(): Promise<Desks> {
  const replies = new Map<string, Reply>();
  const counts = new Map<string, number>();
  const partner = await startPartner(({ path }) => {
    const nth = (counts.get(path) ?? 0) + 1;
    counts.set(path, nth);
    const done = path.split('/').slice(2).join('/');
    return replies.get(path)?.(nth) ?? Promise.resolve({ done });
  });
  let desks = 0;
  return {
    partner,
    close: () => partner.close(),
    desk() {
      desks += 1;
      return deskAt(partner, `/${desks}`, replies);
    },
  };
}

function deskAt(partner: Partner, at: string, replies: Map<string, Reply>): Desk {
  const own = (): readonly LoggedRequest[] => partner.log.filter(({ path }) => path.startsWith(`${at}/`));
  const paths = (): readonly string[] => own().map(({ path }) => path.slice(at.length + 1));
  const call = (path: string, body: string): string => {
    const url = `${partner.url}${at}/${path}`;
    // A path may name variables, as jq's texts do.
    const endpoint = path.includes('\\(') ? `\${ "${url}" }` : url;
    return `call: http, with: { method: post, endpoint: '${endpoint}', body: '${body}' }`;
  };
  const compensate = (path: string, more = ''): string =>
    `metadata: { compensate: [{ undo: { ${call(`undo/${path}`, '${ { input: $input, output: $output } }')}${more} } }] }`;
  const plain = (name: string, more = '', path = name): string =>
    `{ ${name}: { ${call(`do/${path}`, '${ . }')}${more} } }`;
  return {
    url: `${partner.url}${at}`,
    paths,
    undone: () => paths().flatMap((path) => /^undo\/(.*)$/.exec(path)?.[1] ?? []),
    requests: (path) => own().filter((request) => request.path === `${at}/${path}`),
    answer: (path, reply) => void replies.set(`${at}/${path}`, reply),
    step: (name, more = '', path = name) => plain(name, `, ${compensate(path)}${more}`, path),
    plain,
    compensate,
  };
}

/** An answer that waits until it is let go. */
export function heldAnswer(): { readonly reply: Reply; readonly release: () => void } {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    reply: async () => {
      await released;
      return { late: true };
    },
    release: () => release(),
  };
}
