import type { JsonObject } from '../../../../dsl/json.ts';
import { startAuthorities } from './authority.ts';
import { startContainers } from './containers.ts';
import type { Containers } from './containers.ts';
import { eventSink } from './event-sink.ts';
import type { EventSink } from './event-sink.ts';
import { startGreeter } from './greeter.ts';
import type { Greeter } from './greeter.ts';
import { startNotifications } from './notifications.ts';
import type { Outbox } from './notifications.ts';
import { sitesOf } from './sites.ts';
import { startWeb } from './web.ts';
import type { OpenSites } from './web.ts';

/** The systems of one run: nothing in them remembers another one. */
export interface RunStandIns extends OpenSites {
  readonly base: string;
  readonly issuedTokens: readonly string[];
  readonly outbox: Outbox;
}

export interface RunStandInsOptions {
  readonly redirects: boolean;
  readonly hasChannels: boolean;
  /** What the sources of messages send to who subscribes. */
  readonly messages: readonly JsonObject[];
}

/** All systems that the examples talk to, on loopback. */
export interface StandIns {
  /** What definitions must be allowed to call, as host:port. */
  readonly hosts: readonly string[];
  readonly greeter: Greeter;
  readonly sink: EventSink & { readonly url: string };
  /** Absent where no example needs them. */
  readonly containers?: Containers;
  /** The tokens of all runs. */
  issuedTokens(): readonly string[];
  open(run: string, options: RunStandInsOptions): RunStandIns;
  close(): Promise<void>;
}

const sinkRun = 'events';

/** Starts them; `folder` is for files. */
export async function startStandIns(folder: string, needsContainers: boolean): Promise<StandIns> {
  const containers = needsContainers ? await startContainers() : undefined;
  const web = await startWeb();
  const authorities = await startAuthorities();
  const notifications = await startNotifications(web.server, folder);
  const greeter = await startGreeter(folder);
  const sink = eventSink();
  const tokens: (readonly string[])[] = [];
  web.open(sinkRun, { sink: sink.site });
  return {
    hosts: [web.host, notifications.broker, `127.0.0.1:${greeter.port}`, `localhost:${greeter.port}`],
    greeter,
    sink: { ...sink, url: `${web.base(sinkRun)}/sink/` },
    containers,
    issuedTokens: () => tokens.flat(),
    open(run, { messages, ...options }) {
      const base = web.base(run);
      const { broker } = notifications;
      const { calls } = web.open(run, sitesOf({ ...options, run, base, broker, authorities }));
      const issuedTokens = authorities.open(run, `${base}/keycloak/realms/fake-authority`);
      tokens.push(issuedTokens);
      return {
        base,
        calls,
        issuedTokens,
        outbox: notifications.open(run, messages),
      };
    },
    async close() {
      await notifications.close();
      await web.close();
      await authorities.close();
      greeter.close();
      await containers?.close();
    },
  };
}
