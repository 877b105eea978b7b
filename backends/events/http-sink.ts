import { Agent, request } from 'undici';
import { EventRejectedError } from './port.ts';
import type { EventPublisher } from './port.ts';

/** How long the sink may take for one event, in milliseconds. */
const timeoutMs = 10_000;

/** Statuses of 4xx after which the same event may be taken later. */
const worthTryingAgain = new Set([408, 425, 429]);

/**
 * Posts each event to one URL in the structured mode of the CloudEvents HTTP binding. A user and password in the URL
 * go out as basic authentication. Any 2xx is taken as accepted; a 3xx is not followed. The operator chose the URL, so
 * the address guard of definitions' calls does not apply.
 */
export function openHttpSink(sink: string): EventPublisher {
  const { url, authorization } = withoutUserInfo(new URL(sink));
  const agent = new Agent();
  return {
    publish: async (event) => {
      const response = await request(url, {
        dispatcher: agent,
        method: 'POST',
        headers: { 'content-type': 'application/cloudevents+json; charset=utf-8', ...authorization },
        body: JSON.stringify(event),
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body.dump();
      const status = response.statusCode;
      if (status >= 200 && status < 300) return;
      const message = `The event sink ${url.origin} answered ${status} to event ${event.id} of type ${event.type}`;
      const refused = status >= 300 && status < 500 && !worthTryingAgain.has(status);
      throw refused ? new EventRejectedError(status, message) : new Error(message);
    },
    close: () => agent.close(),
  };
}

function withoutUserInfo(url: URL): { readonly url: URL; readonly authorization: Record<string, string> } {
  if (url.username === '' && url.password === '') return { url, authorization: {} };
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { url, authorization: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}
