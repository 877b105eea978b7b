/** Sources of messages: WebSocket on the web's own port, and an MQTT broker. */
import type { Server as HttpServer } from 'node:http';
import { connectAsync } from 'mqtt';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { JsonObject } from '../../../../dsl/json.ts';
import { mosquitto } from '../../../servers/mosquitto.ts';
import { topicOf } from './notifications-document.ts';

export interface Outbox {
  /** Messages that are still to be sent. */
  readonly left: () => number;
}

export interface Notifications {
  /** host:port of the broker. */
  readonly broker: string;
  /** Sends these messages, in order and each once, to who subscribes to the notifications of the run. */
  open(run: string, messages: readonly JsonObject[]): Outbox;
  close(): Promise<void>;
}

/** Slow enough that a subscriber which takes one message only can leave before the next one. */
const everyMs = 100;

/** MQTT 5: the broker has the message, but nobody subscribes. */
const noSubscribers = 0x10;

/** Starts the broker with its files in `folder`, and takes WebSockets on `web`. */
export async function startNotifications(web: HttpServer, folder: string): Promise<Notifications> {
  let queue: JsonObject[] = [];
  let current = '';

  const sockets = new Map<WebSocket, string>();
  const webSockets = new WebSocketServer({ server: web });
  webSockets.on('connection', (socket, { url = '' }) => {
    sockets.set(socket, url.split('/')[1] ?? '');
    socket.once('close', () => sockets.delete(socket));
  });
  const broker = await mosquitto.start(folder);
  const publisher = await connectAsync(broker.url, { protocolVersion: 5 });
  let answer: number | undefined;
  publisher.on('packetreceive', (packet) => {
    if (packet.cmd === 'puback') answer = packet.reasonCode;
  });

  /** Whether somebody got the message. */
  async function send(text: string): Promise<boolean> {
    const listening = [...sockets].filter(([, run]) => run === current);
    for (const [socket] of listening) socket.send(text);
    if (listening.length > 0) return true;
    await publisher.publishAsync(topicOf(current), text, { qos: 1 });
    return answer !== noSubscribers;
  }

  let sending = Promise.resolve();
  const timer = setInterval(() => {
    sending = sending.then(async () => {
      const [message] = queue;
      if (message !== undefined && (await send(JSON.stringify(message)))) queue.shift();
    });
  }, everyMs);

  return {
    broker: new URL(broker.url).host,
    open(run, messages) {
      current = run;
      const ours = (queue = [...messages]);
      return { left: () => ours.length };
    },
    async close() {
      clearInterval(timer);
      await sending;
      for (const socket of sockets.keys()) socket.terminate();
      webSockets.close();
      await publisher.endAsync();
      await broker.stop();
    },
  };
}
