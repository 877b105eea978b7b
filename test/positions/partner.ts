/** The partner of all executions of the table: it holds answers back, refuses, and knows what became of each request. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { isJsonObject, type Json, type JsonObject } from '../../dsl/json.ts';
import type { CloudEvent } from '../../workflows/contract.ts';

export interface PartnerRequest {
  /** What was asked for and in which turn: `gate/1`. */
  readonly step: string;
  readonly key: string;
  readonly body: Json;
  /** `lost`: whoever asked went away before there was an answer. */
  readonly state: 'held' | 'answered' | 'stumbled' | 'refused' | 'lost';
}

/** How the partner treats one execution. */
export interface Treatment {
  /** All requests of the execution in their order. */
  readonly log: readonly PartnerRequest[];
  /** Whether a request for this step gets no answer yet. */
  readonly holds: (step: string) => boolean;
  /** Steps that get no answer until `release`. */
  readonly hold: (...steps: readonly string[]) => void;
  /** Answers what is held of this step, or of all steps, and holds nothing more of it. */
  readonly release: (step?: string) => void;
  /** Refuses this step with 422 until `accept`. */
  readonly refuse: (step: string) => void;
  readonly accept: () => void;
  /** What the gate's answer of the disturbed turn says beside what it was asked. */
  readonly spoil: (members: () => JsonObject) => void;
}

export interface Partner {
  readonly url: string;
  /** Where events are published. */
  readonly sink: string;
  readonly of: (execution: string) => Treatment;
  close(): Promise<void>;
}

/**
 * Starts the partner on loopback. It answers with what it was sent: `POST /EXECUTION/STEP/TURN`, or a CloudEvent whose
 * subject says that. The first request for `stumble` of a turn it answers with 503.
 */
export async function startPartner(): Promise<Partner> {
  const treatments = new Map<string, Treated>();
  const of = (execution: string): Treated => {
    const treated = treatments.get(execution) ?? createTreatment();
    treatments.set(execution, treated);
    return treated;
  };

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = once(response, 'close');
    const { execution, ...question } = readQuestion(incoming, JSON.parse(await text(incoming)) as Json);
    const answer = await of(execution).answer(question, gone);
    if (answer === undefined) return;
    const { status, body } = answer;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    sink: `${url}/events`,
    of,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

type Question = Pick<PartnerRequest, 'step' | 'key' | 'body'>;

function readQuestion({ url = '', headers }: IncomingMessage, sent: Json): Question & { execution: string } {
  const event = url === '/events' ? (sent as object as CloudEvent & { readonly subject: string }) : undefined;
  const [execution = '', ...step] = (event?.subject ?? url.slice(1)).split('/').map(decodeURIComponent);
  const key = event?.id ?? String(headers['idempotency-key']);
  return { execution, step: step.join('/'), key, body: event?.data ?? sent };
}

interface Treated extends Treatment {
  /** The answer in its time; undefined once nobody waits for it. */
  readonly answer: (
    question: Question,
    gone: Promise<unknown>,
  ) => Promise<{ readonly status: number; readonly body: Json } | undefined>;
}

function createTreatment(): Treated {
  const log: (Question & { state: PartnerRequest['state'] })[] = [];
  /** What answers those who wait, by step. */
  const held = new Map<string, (() => void)[]>();
  const refused = new Set<string>();
  let spoilt = (): JsonObject => ({});

  async function answer(question: Question, gone: Promise<unknown>) {
    const { step, body } = question;
    const isFirst = log.every((earlier) => earlier.step !== step);
    const request: (typeof log)[number] = { ...question, state: 'held' };
    log.push(request);
    if (step.startsWith('stumble/') && isFirst) {
      request.state = 'stumbled';
      return { status: 503, body: {} };
    }
    const waiting = held.get(step);
    if (waiting !== undefined) {
      const released = new Promise<true>((resolve) => waiting.push(() => resolve(true)));
      if ((await Promise.race([released, gone])) !== true) {
        request.state = 'lost';
        return undefined;
      }
    }
    if (refused.has(step) || (isWrong(body) && !step.startsWith('gate/'))) {
      request.state = 'refused';
      return { status: 422, body: {} };
    }
    request.state = 'answered';
    return { status: 200, body: step === 'gate/1' && isJsonObject(body) ? { ...body, ...spoilt() } : body };
  }

  return {
    log,
    answer,
    holds: (step) => held.has(step),
    hold(...steps) {
      for (const step of steps) held.set(step, []);
    },
    release(step) {
      for (const released of step === undefined ? [...held.keys()] : [step]) {
        const waiting = held.get(released) ?? [];
        held.delete(released);
        for (const go of waiting) go();
      }
    },
    refuse: (step) => void refused.add(step),
    accept: () => refused.clear(),
    spoil(members) {
      spoilt = members;
    },
  };
}

/** Refused whoever asks: the data themselves say so. */
function isWrong(body: Json): boolean {
  return isJsonObject(body) && typeof body['n'] === 'number' && body['n'] < 0;
}
