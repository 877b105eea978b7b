import type { EventPublisher } from './port.ts';

/**
 * Opens the event system that the setting `events` names by its URL: `memory:`, or `http:` and `https:` for a sink
 * that takes CloudEvents. Clients load only when chosen. Throws a TypeError that names what there is for others.
 */
export async function openEventPublisher(url: string): Promise<EventPublisher> {
  const scheme = URL.canParse(url) ? new URL(url).protocol : url;
  switch (scheme) {
    case 'memory:':
      return (await import('./memory.ts')).openMemoryEvents();
    case 'http:':
    case 'https:':
      return (await import('./http-sink.ts')).openHttpSink(url);
    default:
      throw new TypeError(
        `events: "${scheme}" is not supported; expected memory:, or http://… or https://… of a sink that takes CloudEvents`,
      );
  }
}
