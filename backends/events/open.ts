import type { EventConsumer, EventPublisher } from './port.ts';

/** The event system of a process. */
export interface EventSystem {
  readonly publisher: EventPublisher;
  /** Absent where events do not come back this way: those of an HTTP sink come by `POST /v1/events`. */
  readonly consumer?: EventConsumer;
  close(): Promise<void>;
}

/** Whether events of this system stay in the process that publishes them, so that this process has to consume them. */
export function staysInProcess(url: string): boolean {
  return url.startsWith('memory:');
}

/**
 * Opens the event system that the setting `events` names by its URL: `memory:`, or `http:` and `https:` for a sink
 * that takes CloudEvents. Clients load only when chosen. Throws a TypeError that names what there is for others.
 */
export async function openEvents(url: string): Promise<EventSystem> {
  // The rest of a URL may hold a password.
  const scheme = URL.canParse(url) ? new URL(url).protocol : url.replace(/:.*$/s, ':…');
  switch (scheme) {
    case 'memory:': {
      const memory = (await import('./memory.ts')).openMemoryEvents();
      return { publisher: memory, consumer: memory, close: () => memory.close() };
    }
    case 'http:':
    case 'https:': {
      const publisher = (await import('./http-sink.ts')).openHttpSink(url);
      return { publisher, close: () => publisher.close() };
    }
    default:
      throw new TypeError(
        `events: "${scheme}" is not supported; expected memory:, or http://… or https://… of a sink that takes CloudEvents`,
      );
  }
}
