import type { JsonObject } from '../../dsl/json.ts';
import { parseAsyncapiDocument } from './asyncapi-document.ts';
import { findOperation } from './asyncapi-operation.ts';
import { selectServer } from './asyncapi-server.ts';
import type { WantedServer } from './asyncapi-server.ts';
import { channelAddress } from './channel-address.ts';

function version3(servers: JsonObject) {
  return parseAsyncapiDocument(
    JSON.stringify({
      asyncapi: '3.0.0',
      servers,
      channels: { c: { address: 'c' } },
      operations: { op: { action: 'send', channel: { $ref: '#/channels/c' } } },
    }),
  );
}

function selected(servers: JsonObject, wanted: WantedServer = {}) {
  const document = version3(servers);
  return selectServer(document, findOperation(document, { operation: 'op' }, 'publish'), wanted);
}

describe('the server of a call', () => {
  test.each([
    [
      { host: 'b.test', protocol: 'kafka' },
      { protocol: 'kafka', host: 'b.test', port: 9092, secure: false, path: '' },
    ],
    [
      { host: 'b.test:1', protocol: 'kafka-secure' },
      { protocol: 'kafka', port: 1, secure: true },
    ],
    [
      { host: 'b.test', protocol: 'https', pathname: '/v1/' },
      { protocol: 'http', port: 443, path: '/v1' },
    ],
    [
      { host: '[::1]:5', protocol: 'nats' },
      { host: '::1', port: 5 },
    ],
    [{ host: '0x7f.1', protocol: 'nats' }, { host: '127.0.0.1' }],
    [
      { host: 'b.test', protocol: 'mqtt', protocolVersion: '5.0' },
      { protocol: 'mqtt', isMqtt5: true },
    ],
    [{ host: 'b.test:80', protocol: 'ws' }, { port: 80 }],
  ])('%j', (server, expected) => {
    expect(selected({ one: server })).toMatchObject(expected);
  });

  it('is the first of the protocol that the call asks for', () => {
    const servers = { a: { host: 'a.test', protocol: 'kafka' }, b: { host: 'b.test', protocol: 'mqtts' } };
    expect(selected(servers).host).toBe('a.test');
    expect(selected(servers, { protocol: 'mqtt' }).host).toBe('b.test');
  });

  it('has the variables of the call before those of the document, and only values that this allows', () => {
    const variables = { env: { default: 'dev', enum: ['dev', 'prod'] } };
    const servers = { a: { host: '{env}.test', protocol: 'ws', variables } };
    expect(selected(servers).host).toBe('dev.test');
    expect(selected(servers, { variables: { env: 'prod' } }).host).toBe('prod.test');
    expect(() => selected(servers, { variables: { env: 'evil.test/' } })).toThrow('is not a value of');
  });

  it('must speak a protocol that is known', () => {
    expect(() => selected({ a: { host: 'a.test', protocol: 'sqs' } })).toThrow(
      'the protocol "sqs" is not spoken',
    );
  });

  it('takes URLs of version 2 apart, without credentials', () => {
    const document = parseAsyncapiDocument(`
asyncapi: 2.6.0
servers: { a: { url: 'amqps://guest:guest@b.test:5/shop', protocol: amqp } }
channels: { orders: { publish: {} } }`);
    const server = selectServer(document, findOperation(document, { channel: 'orders' }, 'publish'), {});
    expect(server).toMatchObject({ host: 'b.test', port: 5, path: '/shop', secure: true });
  });
});

describe('the address of a channel', () => {
  const document = parseAsyncapiDocument(`
asyncapi: 2.6.0
servers: {}
channels:
  shops/{shop}/orders:
    parameters: { shop: { location: '$message.payload#/shop' } }
    publish: {}
    subscribe: {}`);

  it('takes its parameters out of the message, or out of the name that the call gives', () => {
    const template = findOperation(document, { channel: 'shops/{shop}/orders' }, 'publish');
    expect(channelAddress(template, { payload: { shop: 7 } }, undefined)).toBe('shops/7/orders');
    const named = findOperation(document, { channel: '/shops/8/orders' }, 'publish');
    expect(channelAddress(named, {}, undefined)).toBe('shops/8/orders');
  });

  it('has a wildcard for what is open in a subscription, where the protocol has one', () => {
    const template = findOperation(document, { channel: 'shops/{shop}/orders' }, 'subscribe');
    expect(channelAddress(template, {}, '+')).toBe('shops/+/orders');
    expect(() => channelAddress(template, {}, undefined)).toThrow('{shop}');
  });
});

test.each([
  ['[]', 'no asyncapi version'],
  ['{', 'neither JSON nor YAML'],
  ['asyncapi: 1.2.0', 'AsyncAPI 1.2.0 is not supported'],
])('refuses %s', (text, message) => {
  expect(() => parseAsyncapiDocument(text)).toThrow(message);
});

test('refuses references that lead out, nowhere or in a circle', () => {
  const find = (channel: JsonObject) => {
    const document = parseAsyncapiDocument(
      JSON.stringify({ asyncapi: '3.0.0', operations: { op: { channel } }, loop: { $ref: '#/loop' } }),
    );
    return () => findOperation(document, { operation: 'op' }, 'publish');
  };
  expect(find({ $ref: 'https://elsewhere.test/c.yaml' })).toThrow('leads out of the document');
  expect(find({ $ref: '#/nothing' })).toThrow('leads nowhere');
  expect(find({ $ref: '#/loop' })).toThrow('in a circle');
});
