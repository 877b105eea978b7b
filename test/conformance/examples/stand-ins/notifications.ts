/** Sources of messages: WebSocket on the web's own port, and an MQTT broker. */
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Aedes } from 'aedes';
import { WebSocketServer } from 'ws';
import type { JsonObject } from '../../../../dsl/json.ts';

export interface Outbox {
  /** Messages that are still to be sent. */
  readonly left: () => number;
}

export interface Notifications {
  readonly broker: string;
  /** Sends these messages, in order, to who subscribes to the notifications of the run. */
  open(run: string, messages: readonly JsonObject[]): Outbox;
  close(): Promise<void>;
}

/** Slow enough that a subscriber which takes one message only can leave before the next one. */
const everyMs = 100;

/** Starts the broker, and takes WebSockets on `web`. */
export async function startNotifications(web: HttpServer): Promise<Notifications> {
  const queues = new Map<string, JsonObject[]>();
  const timers = new Set<NodeJS.Timeout>();

  /** Sends the run's messages one after the other while somebody takes them. */
  function feed(run: string, send: (text: string) => void): () => void {
    const timer = setInterval(() => {
      const message = queues.get(run)?.shift();
      if (message !== undefined) send(JSON.stringify(message));
    }, everyMs);
    timers.add(timer);
    return () => {
      clearInterval(timer);
      timers.delete(timer);
    };
  }

  const sockets = new WebSocketServer({ server: web });
  sockets.on('connection', (socket, request) => {
    const run = request.url?.split('/')[1] ?? '';
    socket.on(
      'close',
      feed(run, (text) => socket.send(text)),
    );
  });

  const broker = await Aedes.createBroker();
  broker.on('subscribe', (subscriptions, client) => {
    for (const { topic } of subscriptions) {
      const stop = feed(topic.split('/')[0] ?? '', (text) =>
        broker.publish(
          { cmd: 'publish', topic, payload: text, qos: 1, retain: false, dup: false },
          () => undefined,
        ),
      );
      client.conn.once('close', stop);
    }
  });
  const listener = createServer((connection) => void broker.handle(connection));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  return {
    broker: `127.0.0.1:${(listener.address() as AddressInfo).port}`,
    open(run, messages) {
      const queue = [...messages];
      queues.set(run, queue);
      return { left: () => queue.length };
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      listener.close();
    },
  };
}
