import { authority } from './authority.ts';
import type { Authorities } from './authority.ts';
import { catalog } from './catalog.ts';
import { asyncApiDocument } from './notifications-document.ts';
import { petStore } from './pet-store.ts';
import type { Site, Sites } from './site.ts';
import { starWars } from './star-wars.ts';

export interface SitesOptions {
  readonly run: string;
  readonly base: string;
  readonly redirects: boolean;
  /** Whether the AsyncAPI document is one of 2.6, whose examples name a channel and no operation. */
  readonly hasChannels: boolean;
  /** host:port of the message broker. */
  readonly broker: string;
  readonly authorities: Authorities;
}

const accepts: Site = () => ({ status: 200, body: { accepted: true } });

/** The stand-ins of all hosts of the examples, new for each run: none remembers an earlier one. */
export function sitesOf(options: SitesOptions): Sites {
  const { base } = options;
  return {
    'petstore.swagger.io': petStore(options),
    'swapi.dev': starWars(options),
    keycloak: authority(options),
    'raw.githubusercontent.com': catalog,
    'fake.com': ({ path }) =>
      path === '/docs/asyncapi.json' ? { body: asyncApiDocument(options) } : { body: { sample: true } },
    // Nurses are quick.
    'fake-hospital.com': ({ path }) =>
      path.endsWith('/nurses')
        ? { body: { alerted: 'nurses' } }
        : { body: { alerted: 'doctor' }, delayMs: 2_000 },
    'external-service.example.com': () => ({ status: 503, body: { message: 'later' } }),
    'broker.fake.com': accepts,
    'superbet-casinos.com': accepts,
    'fake-chat-api.com': accepts,
    'virtual-wf-powered-race.com': accepts,
    'hospital.example.com': accepts,
    'example.com': accepts,
    'myorg.io': () => ({ status: 500, body: `${base}: nobody should ask for the orders` }),
  };
}
