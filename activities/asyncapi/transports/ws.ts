import { once } from 'node:events';
import { WebSocket } from 'ws';
import { connectGuarded } from '../../../network/guarded-sockets.ts';
import { authorizationHeader } from '../../authentication/authorization.ts';
import { AsyncapiError } from '../asyncapi-document.ts';
import { createDeliveryQueue } from '../delivery-queue.ts';
import { within } from '../within.ts';
import type { Target, Transport, TransportContext } from '../transport.ts';

/**
 * WebSocket. A message is one frame, text unless its bytes are not; it has no headers. Publishing ends with the closing
 * handshake, so that the server has read the frame. Nothing is redelivered: what comes while nobody is connected is lost.
 */
export const ws: Transport = {
  async publish(target, message, context) {
    if (Object.keys(message.headers).length > 0) {
      throw new AsyncapiError('messages of WebSocket have no headers: put what they say into the payload');
    }
    const socket = await connect(target, context, { 'idempotency-key': message.idempotencyKey });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.send(message.body, { binary: false }, (error) => (error ? reject(error) : resolve()));
      });
      const closed = once(socket, 'close', { signal: context.signal });
      socket.close(1000);
      await within(closed, context.timeoutMs, 'the server did not answer the closing of the connection');
    } finally {
      socket.terminate();
    }
  },

  async open(target, context) {
    const queue = createDeliveryQueue();
    const socket = await connect(target, context, {}, (body) => {
      const room = queue.push({ body, headers: {}, acknowledge: () => Promise.resolve() });
      if (room === undefined) return;
      socket.pause();
      void room.then(() => socket.resume());
    });
    socket.on('error', (error) => queue.fail(error));
    socket.on('close', (code) => queue.fail(new Error(`the server closed the connection (${code})`)));
    return {
      queue,
      close: () => {
        socket.terminate();
        return Promise.resolve();
      },
    };
  },
};

/** Listens from the very start: a server may send right behind its handshake. */
async function connect(
  { server, address, authorization }: Target,
  { http, timeoutMs, maxMessageBytes, signal }: TransportContext,
  headers: Readonly<Record<string, string>>,
  onMessage?: (body: Buffer) => void,
): Promise<WebSocket> {
  const host = server.host.includes(':') ? `[${server.host}]` : server.host;
  const path = address === '' || address.startsWith('/') ? address : `/${address}`;
  const socket = new WebSocket(
    `${server.secure ? 'wss' : 'ws'}://${host}:${server.port}${server.path}${path}`,
    {
      headers: { ...headers, ...authorizationHeader(authorization) },
      handshakeTimeout: timeoutMs,
      maxPayload: maxMessageBytes,
      followRedirects: false,
      createConnection: () =>
        connectGuarded(http.guard, { host: server.host, port: server.port }, server.secure),
    },
  );
  socket.binaryType = 'nodebuffer';
  if (onMessage !== undefined) {
    socket.on('message', (data) => onMessage(Buffer.isBuffer(data) ? data : Buffer.from([])));
  }
  try {
    await once(socket, 'open', { signal });
    return socket;
  } catch (error) {
    socket.on('error', () => undefined);
    socket.terminate();
    throw error;
  }
}
