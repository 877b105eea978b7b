/** A partner that AsyncAPI documents describe: over HTTP and WebSocket, on one port. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { WebSocketServer, type WebSocket } from 'ws';

interface Published {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface MessagePartner {
  readonly host: string;
  readonly published: Published[];
  /** Requests for a stream or a connection so far. */
  readonly subscribers: number;
  /** Streams and connections that are open. */
  readonly open: number;
  /** Sends to everybody who is subscribed, by event stream or WebSocket. */
  send(...messages: readonly object[]): void;
  /** Resolves once so many have subscribed. */
  subscribed(count: number): Promise<void>;
  /** Ends event streams, as a server that restarts. */
  dropStreams(): void;
  close(): Promise<void>;
}

/** Protocols of servers that the document has beside those of the partner itself. */
export const brokers = ['kafka', 'amqp', 'nats', 'mqtt', 'redis'];

/** What both documents say of a notification. */
const notification = {
  contentType: 'application/json',
  correlationId: { location: '$message.payload#/user' },
};

function version3(host: string): object {
  const server = (protocol: string) => ({ host: '{host}', protocol, variables: { host: { default: host } } });
  return {
    asyncapi: '3.0.0',
    servers: {
      sockets: server('ws'),
      web: server('http'),
      ...Object.fromEntries(brokers.map((name) => [name, server(name)])),
    },
    channels: {
      notifications: {
        address: 'notifications',
        messages: { notification: { $ref: '#/components/messages/notification' } },
      },
      pets: { address: 'pets/{kind}', parameters: { kind: { location: '$message.payload#/kind' } } },
      lines: { address: 'lines', servers: [{ $ref: '#/servers/web' }] },
      elsewhere: { address: 'pets', servers: [{ $ref: '#/servers/web' }] },
    },
    operations: {
      getNotifications: { action: 'receive', channel: { $ref: '#/channels/notifications' } },
      notify: { action: 'send', channel: { $ref: '#/channels/notifications' } },
      findPets: { action: 'send', channel: { $ref: '#/channels/pets' } },
      refused: { action: 'send', channel: { $ref: '#/channels/elsewhere' } },
      readLines: { action: 'receive', channel: { $ref: '#/channels/lines' } },
    },
    components: { messages: { notification } },
  };
}

function version2(host: string): object {
  const operation = { message: notification };
  return {
    asyncapi: '2.6.0',
    servers: { web: { url: `http://${host}`, protocol: 'http' }, sockets: { url: host, protocol: 'ws' } },
    channels: { notifications: { subscribe: operation, publish: operation } },
  };
}

export async function startMessagePartner(): Promise<MessagePartner> {
  const published: Published[] = [];
  const streams = new Set<ServerResponse>();
  const sockets = new Set<WebSocket>();
  let subscribers = 0;
  let host = '';
  const server = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request;
    if (path.startsWith('/asyncapi-')) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(path.includes('2') ? version2(host) : version3(host)));
    } else if (method === 'GET' && path === '/notifications') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      streams.add(response);
      subscribers += 1;
      response.on('close', () => streams.delete(response));
    } else if (method === 'GET') {
      const lines = [1, 2, 3].map((n) => `${JSON.stringify({ n })}\n`);
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(lines.join(''));
    } else {
      void text(request).then((body) => {
        published.push({ method, path, headers, body });
        response.writeHead(path === '/pets' ? 409 : 202).end();
      });
    }
  });
  const webSockets = new WebSocketServer({ server });
  webSockets.on('connection', (socket, { url = '', headers }) => {
    sockets.add(socket);
    subscribers += 1;
    socket.on('close', () => sockets.delete(socket));
    socket.on('message', (data) => {
      const body = Buffer.isBuffer(data) ? data.toString() : '';
      published.push({ method: 'FRAME', path: url, headers, body });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  host = `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
  let id = 0;
  return {
    host,
    published,
    get subscribers() {
      return subscribers;
    },
    get open() {
      return streams.size + sockets.size;
    },
    send(...messages) {
      for (const message of messages) {
        id += 1;
        for (const stream of streams) stream.write(`id: ${id}\ndata: ${JSON.stringify(message)}\n\n`);
        for (const socket of sockets) socket.send(JSON.stringify(message));
      }
    },
    async subscribed(count) {
      for (let attempt = 0; subscribers < count; attempt++) {
        if (attempt === 400) throw new Error(`${subscribers} of ${count} have subscribed`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    dropStreams() {
      for (const stream of streams) stream.end();
    },
    async close() {
      webSockets.close();
      for (const socket of sockets) socket.terminate();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
