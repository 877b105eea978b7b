/**
 * A loop that calls a partner once for each item, while its worker is killed now and then with kill -9 and another one
 * started: what the partner saw of it, and what the loop made of the partner's answers.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { isGrpcStatus } from '../../temporal/grpc-status.ts';
import { defaultNamespace } from '../../workflows/contract.ts';
import { apiClient } from '../client.ts';
import { startPartner } from '../partner.ts';
import { randomFrom } from '../random.ts';
import { startSplitService, type SplitService } from '../split-service.ts';
import { runsOf, type RunSize } from './runs.ts';

export interface InterruptedLoop {
  readonly items: number;
  readonly kills: number;
  /** Says when the kills come. */
  readonly seed: number;
  /** For the service, beside what it needs to reach the partner. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A request as the partner saw it. No two answers are the same, not even to one key. */
export interface AnsweredRequest {
  readonly item: number;
  readonly key: string;
  readonly answer: string;
}

export interface LoopResult {
  /** In order of their arrival. */
  readonly requests: readonly AnsweredRequest[];
  /** The answers that the loop used, in the order of its items. */
  readonly used: readonly string[];
  readonly runs: readonly RunSize[];
}

const answerLength = 6;

const definition = (partner: string, items: number): string => `
document: { dsl: '1.0.3', namespace: long, name: calls, version: '1.0.0' }
do:
  - loop:
      for: { in: '\${ [range(${items})] }' }
      do:
        - ask:
            call: http
            with: { method: post, endpoint: '${partner}/ask', body: { item: '\${ $item }' } }
            output: { as: '\${ { answers: ($input.answers + .answer) } }' }
`;

/** Runs the loop to its end. Rejects when the execution does anything but complete. Prints the seed and the pace. */
export async function runInterrupted(root: string, loop: InterruptedLoop): Promise<LoopResult> {
  console.log(`seed ${loop.seed}`);
  const requests: AnsweredRequest[] = [];
  let held = Promise.resolve();
  const partner = await startPartner(async ({ key, body }) => {
    const { item } = JSON.parse(body) as { readonly item: number };
    const answer = requests.length.toString(36).padStart(answerLength, '0');
    requests.push({ item, key, answer });
    await held;
    return { answer };
  });
  let service: SplitService | undefined;
  let connection: Connection | undefined;
  try {
    const allow = { PERDURE_OUTGOING_ALLOW: new URL(partner.url).host };
    service = await startSplitService(root, { ...loop.env, ...allow });
    connection = await Connection.connect({ address: service.temporalAddress });
    const client = new Client({ connection, namespace: defaultNamespace });
    const api = apiClient(service.url);
    await api.deploy(definition(partner.url, loop.items));
    const begun = Date.now();
    const { id } = (await api.start({ workflow: 'long/calls', input: { answers: '' } })).body;
    const ended = new AbortController();
    const killing = killNowAndThen(service, loop, {
      requests: () => requests.length,
      hold(until) {
        held = until;
      },
      ended: ended.signal,
    });
    const result = resultOf(client.workflow.getHandle(id));
    try {
      await Promise.all([result, killing]);
    } finally {
      ended.abort();
      // It starts workers: nothing may be stopped before that has ended.
      await Promise.allSettled([killing]);
    }
    const { answers } = await result;
    const seconds = (Date.now() - begun) / 1_000;
    const again = requests.length - loop.items;
    console.log(
      `${loop.items} calls, and ${again} again, in ${seconds.toFixed(0)} s: ${(loop.items / seconds).toFixed(1)} a second`,
    );
    return {
      requests,
      used: answers.match(new RegExp(`.{${answerLength}}`, 'g')) ?? [],
      runs: await runsOf(client, id),
    };
  } finally {
    await connection?.close();
    await service?.stop();
    await partner.close();
  }
}

/** What the loop came to. A server that has no answer for a moment, as happens when its disk is slow, is asked again. */
async function resultOf(handle: WorkflowHandle): Promise<{ readonly answers: string }> {
  for (;;) {
    try {
      return (await handle.result()) as { readonly answers: string };
    } catch (error) {
      if (!isGrpcStatus(error, 'unavailable')) throw error;
      await delay(1_000);
    }
  }
}

interface LoopUnderWay {
  /** So many have come to the partner. */
  readonly requests: () => number;
  /** Lets the partner answer nobody until then. */
  readonly hold: (until: Promise<void>) => void;
  readonly ended: AbortSignal;
}

/**
 * Kills the one worker and starts the next, each time after a number of requests that is drawn at random: in turn while the
 * partner has not answered, and within the milliseconds that a call and its way through the server take.
 */
async function killNowAndThen(
  service: SplitService,
  { items, kills, seed }: InterruptedLoop,
  { requests, hold, ended }: LoopUnderWay,
): Promise<void> {
  const random = randomFrom(seed);
  const moments = Array.from({ length: kills }, () => Math.floor(random() * items * 0.95));
  const moreThan = async (count: number): Promise<void> => {
    while (requests() <= count) await delay(10, undefined, { signal: ended });
  };
  let worker = await service.startWorker();
  for (const [nth, moment] of moments.sort((left, right) => left - right).entries()) {
    await moreThan(moment);
    let release = (): void => undefined;
    if (nth % 2 === 0) {
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      hold(released);
      await moreThan(requests());
    } else await delay(random() * 30, undefined, { signal: ended });
    await worker.kill();
    release();
    worker = await service.startWorker();
  }
}
