import type { Discovery, Instance } from './port.ts';
import { serviceName } from './port.ts';
import { hostsText, invalid, parseHost } from './registry-url.ts';

/** Instances by the names of their services, as `host:port`. */
export type StaticServices = Readonly<Record<string, readonly string[]>>;

/**
 * Services that stand in the configuration: in the setting `discovery.services`, and in the URL as
 * `static:orders=10.0.0.5:8080,10.0.0.6:8080;shipping=shipping.internal:80`. Nothing registers, nothing is watched, and
 * who is healthy shows only when it is called. Throws a TypeError for what is not written so.
 */
export function openStaticDiscovery(url: string, services: StaticServices): Discovery {
  const known = new Map<string, readonly Instance[]>();
  const written = [...Object.entries(services), ...inUrl(url)];
  for (const [name, places] of written) {
    if (!serviceName.test(name)) throw invalid(`"${name}" is not a name of a service`);
    if (known.has(name)) throw invalid(`the service ${name} stands in the URL and in discovery.services`);
    known.set(name, places.map(instanceAt));
  }
  return {
    place: 'static',
    watch(service, watcher) {
      watcher.changed(known.get(service) ?? []);
      return { stop: () => Promise.resolve() };
    },
    close: () => Promise.resolve(),
  };
}

function inUrl(url: string): readonly (readonly [string, readonly string[]])[] {
  return url
    .slice('static:'.length)
    .split(';')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const [name = '', places] = text.split('=');
      if (places === undefined)
        throw invalid(`expected static:name=host:port,host:port;name=…, found "${text}"`);
      return [name.trim(), places.split(',')];
    });
}

function instanceAt(text: string): Instance {
  const place = parseHost(text, 80);
  return { id: hostsText([place]), ...place, metadata: {} };
}
