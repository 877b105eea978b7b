import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { ServerCredentials } from '@grpc/grpc-js';
import { faultOf, openCalls } from '../calls-under-test.ts';
import { startPartner } from '../partner-under-test.ts';
import type { Partner } from '../partner-under-test.ts';
import { greeterProto, messagesProto, startGreeter } from './greeter-under-test.ts';
import type { GreeterUnderTest } from './greeter-under-test.ts';

const run = promisify(execFile);

describe('gRPC over TLS', () => {
  let folder: string;
  let certificate: string;
  let greeter: GreeterUnderTest;
  let partner: Partner;
  const trusted = getCACertificates('default');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'perdure-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const made = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost'.split(
      ' ',
    );
    const files = ['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert];
    await run('openssl', ['req', ...made, ...files]);
    certificate = await readFile(cert, 'utf8');
    const pair = { private_key: await readFile(key), cert_chain: Buffer.from(certificate) };
    greeter = await startGreeter(ServerCredentials.createSsl(null, [pair]));
    partner = await startPartner(({ url }, response) =>
      response.end(url === '/greeter.proto' ? greeterProto : messagesProto),
    );
  });

  afterAll(async () => {
    setDefaultCACertificates(trusted);
    greeter.close();
    await partner.close();
    await rm(folder, { recursive: true });
  });

  const greet = async (host: string): Promise<unknown> => {
    const grpc = { tls: [`localhost:${greeter.port}`, `127.0.0.1:${greeter.port}`] };
    const calls = await openCalls(['127.0.0.1', 'localhost'], {}, { grpc });
    const call = calls.grpc({
      proto: { endpoint: `${partner.origin}/greeter.proto` },
      service: { name: 'shop.greet.v1.Greeter', host, port: greeter.port },
      method: 'SayHello',
      arguments: { name: 'Ada' },
    });
    return call.finally(() => void calls.close());
  };

  it('trusts the authorities that Node trusts, and no other', async () => {
    expect(await faultOf(greet('localhost'))).toMatchObject({
      status: 503,
      detail: expect.stringContaining('self-signed certificate'),
    });
    setDefaultCACertificates([...trusted, certificate]);
    expect(await greet('localhost')).toMatchObject({ greeting: 'Hello, Ada!' });
  });

  it('wants a certificate for the host that the definition names', async () => {
    setDefaultCACertificates([...trusted, certificate]);
    expect(await faultOf(greet('127.0.0.1'))).toMatchObject({ status: 503 });
  });
});
