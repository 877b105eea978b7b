/** Everything that connects to a destination which a definition chooses. */
import type { CallsUnderTest } from '../../activities/calls-under-test.ts';
import type { Partner } from '../../activities/partner-under-test.ts';
import type { ResourceSource } from '../../dsl/resolve/source.ts';
import type { AsyncapiProtocol } from '../../dsl/types.ts';

export interface Ways {
  readonly calls: CallsUnderTest;
  readonly resources: ResourceSource;
  /** A partner that may be called: it serves documents that name the destination, and redirects to it. */
  readonly partner: Partner;
}

/** Tries to reach `host:port`. */
type Caller = (ways: Ways, host: string, port: number) => Promise<unknown>;

const options = { timeoutMs: 2_000 };

const asyncapi =
  (protocol: AsyncapiProtocol): Caller =>
  ({ calls, partner }, host, port) => {
    const endpoint = `${partner.origin}/asyncapi/${protocol}/${encodeURIComponent(`${host}:${port}`)}`;
    const message = { payload: { n: 1 } };
    return calls.publish({ document: { endpoint }, operation: 'send', message }, options);
  };

const authority =
  (policy: 'oauth2' | 'oidc'): Caller =>
  ({ calls, partner }, host, port) => {
    const client = { id: 'shop', secret: 'hush', authentication: 'client_secret_post' } as const;
    const given = { authority: `http://${host}:${port}`, grant: 'client_credentials', client } as const;
    const authentication = policy === 'oauth2' ? { oauth2: given } : { oidc: given };
    return calls.http({ method: 'get', endpoint: { uri: partner.origin, authentication } }, options);
  };

const proto = 'syntax = "proto3"; package g; service S { rpc M (E) returns (E); } message E {}';

/** The documents that the partner serves, and its redirects. */
export function partnerAnswer(url: string): { readonly location?: string; readonly body: string } {
  const [, what = '', first = '', second = ''] = url.split('/').map(decodeURIComponent);
  if (what === 'to') return { location: `http://${first}/`, body: '' };
  if (what === 'proto') return { body: proto };
  if (what === 'openapi') {
    const servers = [{ url: `http://${first}` }];
    const paths = { '/x': { get: { operationId: 'op', responses: {} } } };
    return { body: JSON.stringify({ openapi: '3.0.3', info: { title: 't', version: '1' }, servers, paths }) };
  }
  if (what === 'asyncapi') {
    return {
      body: JSON.stringify({
        asyncapi: '3.0.0',
        info: { title: 't', version: '1' },
        servers: { only: { host: second, protocol: first } },
        channels: { c: { address: 'c', messages: { m: { payload: {} } } } },
        operations: { send: { action: 'send', channel: { $ref: '#/channels/c' } } },
      }),
    };
  }
  return { body: '{}' };
}

const grpcService = { name: 'g.S', method: 'M' } as const;
const message = { message: { parts: [{ kind: 'text', text: 'hello' }] } };

/** Those that take a URL. */
const byUrl: Readonly<Record<string, (ways: Ways, url: string) => Promise<unknown>>> = {
  http: ({ calls }, endpoint) => calls.http({ method: 'get', endpoint, redirect: true }, options),
  'openapi document': ({ calls }, endpoint) =>
    calls.openapi({ document: { endpoint }, operationId: 'op' }, options),
  'proto file': ({ calls }, endpoint) =>
    calls.grpc(
      { proto: { endpoint }, service: { name: grpcService.name, host: '127.0.0.1', port: 1 }, method: 'M' },
      options,
    ),
  'asyncapi document': ({ calls }, endpoint) =>
    calls.publish({ document: { endpoint }, operation: 'send', message: { payload: {} } }, options),
  mcp: ({ calls }, endpoint) =>
    calls.mcp({ method: 'tools/list', transport: { http: { endpoint } } }, options),
  'a2a server': ({ calls }, server) =>
    calls.a2a({ server, method: 'message/send', parameters: message }, options),
  'a2a card': ({ calls }, endpoint) =>
    calls.a2a({ agentCard: { endpoint }, method: 'message/send', parameters: message }, options),
  'schema, function or catalog': ({ resources }, uri) => resources.read(uri, undefined),
};

// These post, and follow no redirect of a post.
const unredirected = new Set(['mcp', 'a2a server']);

/** Callers that take a URL, and those that follow redirects once more, by way of a partner that may be called. */
export const urlCallers: Readonly<Record<string, Caller>> = Object.fromEntries(
  Object.entries(byUrl).flatMap(([name, call]): [string, Caller][] => {
    const direct: Caller = (ways, host, port) => call(ways, `http://${host}:${port}/`);
    if (unredirected.has(name)) return [[name, direct]];
    return [
      [name, direct],
      [
        `${name}, redirected`,
        (ways, host, port) =>
          call(ways, `${ways.partner.origin}/to/${encodeURIComponent(`${host}:${port}`)}`),
      ],
    ];
  }),
);

/** Callers that take a host, or find it in a document. */
export const hostCallers: Readonly<Record<string, Caller>> = {
  'openapi server': ({ calls, partner }, host, port) =>
    calls.openapi(
      {
        document: { endpoint: `${partner.origin}/openapi/${encodeURIComponent(`${host}:${port}`)}` },
        operationId: 'op',
      },
      options,
    ),
  oauth2: authority('oauth2'),
  oidc: authority('oidc'),
  grpc: ({ calls, partner }, host, port) =>
    calls.grpc(
      {
        proto: { endpoint: `${partner.origin}/proto` },
        service: { name: grpcService.name, host, port },
        method: grpcService.method,
      },
      options,
    ),
  'asyncapi http': asyncapi('http'),
  'asyncapi ws': asyncapi('ws'),
  'asyncapi kafka': asyncapi('kafka'),
  'asyncapi amqp': asyncapi('amqp'),
  'asyncapi nats': asyncapi('nats'),
  'asyncapi mqtt': asyncapi('mqtt'),
  'asyncapi redis': asyncapi('redis'),
};
