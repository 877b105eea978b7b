/** How events and their subscriptions lie in the store: by type, so that nothing ever looks at all of them. */
import { createHash } from 'node:crypto';
import type { EventRoute } from '../../dsl/events/routes.ts';
import { eventIdentity } from '../../dsl/events/cloud-event.ts';
import type { CloudEvent } from '../../dsl/events/cloud-event.ts';

// A key of the store takes 1,024 bytes.
const maxTypeCharacters = 300;

/** A type as a part of a key. Types may be of any length and hold slashes. */
export function typeKey(type: string): string {
  const encoded = encodeURIComponent(type.toWellFormed());
  return encoded.length <= maxTypeCharacters ? `t-${encoded}` : `h-${digest(type)}`;
}

/** The key part of routes that want any type: no type's key is like it. */
export const anyTypeKey = 'any';

/** Where an event lies: first by type, then in order of arrival. */
export const inboxKeys = {
  events: 'inbox/',
  types: 'inbox-type/',
  ofType: (type: string): string => `inbox/${typeKey(type)}/`,
  type: (type: string): string => `inbox-type/${typeKey(type)}`,
  event: (type: string, place: string): string => `inbox/${typeKey(type)}/${place}`,
  identity: (identity: string): string => `inbox-id/${digest(identity)}`,
};

/** The place of an event in order of arrival: time in milliseconds, a count within it, and the event's digest. */
export function inboxPlace(event: CloudEvent, receivedAt: number, count: number): string {
  const time = String(receivedAt).padStart(14, '0');
  return `${time}.${String(count % 1_000_000).padStart(6, '0')}-${digest(eventIdentity(event)).slice(0, 16)}`;
}

/** The shape of a route is what its conditions look at; its values say what they have to be. */
export const subscriptionKeys = {
  subscriptions: 'subscription/',
  shapes: (type: string): string => `subscription-shape/${type}/`,
  shape: (route: EventRoute): string => `subscription-shape/${routeType(route)}/${shapeOf(route)}`,
  matching: (type: string, shape: string, values: readonly string[]): string =>
    `subscription/${type}/${shape}/${digest(JSON.stringify(values))}/`,
  subscription: (route: EventRoute, subscriber: string): string => {
    const values = route.where.map(({ value }) => value);
    return subscriptionKeys.matching(routeType(route), shapeOf(route), values) + digest(subscriber);
  },
};

function routeType({ type }: EventRoute): string {
  return type === undefined ? anyTypeKey : typeKey(type);
}

function shapeOf({ where }: EventRoute): string {
  return where.length === 0 ? '-' : digest(JSON.stringify(where.map(({ from }) => from)));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
