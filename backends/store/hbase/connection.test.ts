import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Connection } from './connection.ts';
import { getActiveMaster } from './methods.ts';
import { messageType } from './schema.ts';

// What a real server does only when it hangs, or in a cluster with Kerberos.
let server: Server;
let connection: Connection;
let onClient: (socket: Socket) => void;

beforeEach(async () => {
  onClient = () => undefined;
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    onClient(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  connection = new Connection({ host: '127.0.0.1', port }, 'ClientMetaService', 'ann');
});

afterEach(() => {
  connection.end('the test is over');
  server.close();
});

test('a call that is not answered fails in its time; the connection is given up when all are silent', async () => {
  const brief = await connection.call(getActiveMaster, {}, 50).catch((error: unknown) => error);
  expect(brief).toMatchObject({
    message: expect.stringMatching(/^127\.0\.0\.1:\d+: no answer to GetActiveMaster in 50 ms$/),
    retry: true,
    mayHaveRun: true,
  });
  expect(connection.isOpen).toBe(true);
  const long = connection.call(getActiveMaster, {}, 60_000);
  await expect(connection.call(getActiveMaster, {}, 2_000)).rejects.toThrow('no answer');
  await expect(long).rejects.toThrow('no answer to GetActiveMaster in 2000 ms');
  expect(connection.isOpen).toBe(false);
});

test('a server that wants to know who this is refuses the connection, and all its calls', async () => {
  onClient = (socket) => {
    const exception = {
      exceptionClassName: 'org.apache.hadoop.hbase.security.AccessDeniedException',
      stackTrace: 'Authentication is required',
      doNotRetry: true,
    };
    const header = messageType('ResponseHeader').encodeDelimited({ callId: 0xffff_ffff, exception }).finish();
    const length = Buffer.alloc(4);
    length.writeUInt32BE(header.length);
    socket.write(Buffer.concat([length, header]));
  };
  await expect(connection.call(getActiveMaster, {}, 5_000)).rejects.toMatchObject({
    message: 'AccessDeniedException: Authentication is required',
    retry: false,
  });
  expect(connection.isOpen).toBe(false);
});

test('a server that ends the connection fails its calls, which may have been carried out', async () => {
  onClient = (socket) => socket.once('data', () => socket.destroy());
  await expect(connection.call(getActiveMaster, {}, 5_000)).rejects.toMatchObject({
    retry: true,
    mayHaveRun: true,
  });
  await expect(connection.call(getActiveMaster, {}, 5_000)).rejects.toThrow('closed the connection');
});
