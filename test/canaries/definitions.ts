/** Definitions that use secrets in every way that the language has, and make as many mistakes with them. */
import type { Json, JsonObject } from '../../dsl/json.ts';
import { echoes } from './echoes.ts';

export interface Places {
  /** Of the partner, without a slash at the end. */
  readonly origin: string;
  readonly greeterPort: number;
  /** Host and port of the partner that takes and sends messages. */
  readonly messages: string;
}

/** Definitions by name; each runs once, with the input `{}`. */
export function definitions(places: Places): Readonly<Record<string, JsonObject>> {
  return {
    echoed: { do: Object.keys(echoes).flatMap((style) => echoedTasks(style, places)) },
    mistaken: { do: mistakes(places) },
    authorized: {
      do: authentications(places).flatMap((policy, index) => authorizedTasks(policy, index, places)),
    },
    described: { do: openapiTasks(places) },
    greeted: { do: grpcTasks(places) },
    processed: { do: processTasks() },
    told: { do: messageTasks(places) },
    awaited: { do: [{ receive: { call: 'asyncapi', with: subscription(places) } }] },
    published: {
      do: [
        {
          emit: {
            emit: { event: { with: { type: 'canary.published', source: 'https://canaries.test', data: 1 } } },
          },
        },
      ],
    },
    scheduled: {
      schedule: { every: { hours: 1 } },
      do: [http('ask', { uri: `${places.origin}/echo/json` })],
    },
  };
}

/** A task that keeps what goes wrong, as its own error and in the data of the execution. */
function tried(name: string, task: JsonObject): JsonObject {
  const keep = { set: { problem: '${ $error }' } };
  return { [`try-${name}`]: { try: [{ [name]: task }], catch: { do: [{ [`keep-${name}`]: keep }] } } };
}

function http(name: string, endpoint: JsonObject, more: JsonObject = {}): JsonObject {
  return tried(name, { call: 'http', with: { method: 'post', endpoint, ...more } });
}

function echoedTasks(style: string, { origin }: Places): JsonObject[] {
  const uri = `\${ "${origin}/echo/${style}/" + $secrets.nested.deep[0].key }`;
  return ['content', 'raw', 'response'].map((output) =>
    http(
      `${style}-${output}`,
      { uri },
      {
        output,
        redirect: output !== 'raw',
        headers: { 'X-Key': '${ $secrets.text }', 'X-Prefixed': 'key ${ $secrets.file }' },
        query: { password: '${ $secrets.login.password }', special: '${ $secrets.special }' },
        body: {
          lines: '${ $secrets.lines }',
          'all of it': '${ $secrets }',
          text: 'I am ${ $secrets.accents }',
        },
      },
    ),
  );
}

/** Expressions and addresses that cannot work: their errors quote what they were given. */
function mistakes({ origin }: Places): JsonObject[] {
  const expressions = [
    '$secrets.text + 1',
    '$secrets.login - 1',
    '$secrets.text | error',
    '{key: $secrets.text} | error',
    '[$secrets.special, $secrets.lines] | error',
    '$secrets.text | tonumber',
    '$secrets.file | fromjson',
    '("{" + $secrets.special) | fromjson',
    '[1] | .[$secrets.text]',
    '{} | has($secrets.login)',
    '"x" | test("(" + $secrets.special)',
    '$secrets.text | strptime("%Y")',
    '$secrets.text | implode',
    '$secrets.text[0:12] + 1',
    '$secrets.text | ltrimstr(1) | keys',
    '$secrets.text | @base32d',
    '($secrets.text | @base64 | @base64d) * {}',
  ];
  const bodies = expressions.map((expression, index) =>
    http(`expression-${index}`, { uri: `${origin}/echo/json` }, { body: `\${ ${expression} }` }),
  );
  const uris = [
    '"http://\\($secrets.text).invalid/"',
    '"http://ann:\\($secrets.text)@127.0.0.1:1/"',
    '"http://127.0.0.1:1/\\($secrets.special | @uri)"',
    '"ftp://\\($secrets.text)/"',
    '"\\($secrets.text) is no URL \\($secrets.special)"',
    '"http://\\($secrets.text)"',
    `"${origin}/echo/refusal/" + ("p" * 280) + "\\($secrets.text)"`,
    '"http://10.0.0.1/\\($secrets.text)"',
    `"${origin}/echo/refusal/\\($secrets.lines)"`,
    `"${origin}/echo/refusal/" + ("%41" * 85) + "\\($secrets.text)"`,
  ];
  const addresses = uris.map((uri, index) => http(`address-${index}`, { uri: `\${ ${uri} }` }));
  const others: JsonObject[] = [
    { headers: { 'X-Lines': '${ $secrets.lines }' } },
    { headers: { 'X-Object': '${ $secrets.login }' } },
    { headers: { 'X-Accents': '${ $secrets.accents + "€" }' } },
    { headers: { Expect: '${ $secrets.text }' } },
    { headers: '${ $secrets.text }' },
    { headers: { 'Content-Type': '${ "text/" + $secrets.text }' }, body: { a: 1 } },
    { query: '${ $secrets.text }' },
    { headers: { 'X-Made': '${ $secrets.text | ascii_upcase | explode | reverse | implode }' } },
    { body: { made: '${ "\\($secrets.login.username):\\($secrets.login.password)" | @base32 }' } },
  ];
  return [
    ...bodies,
    ...addresses,
    ...others.map((more, index) => http(`other-${index}`, { uri: `${origin}/echo/json` }, more)),
    tried('method', {
      call: 'http',
      with: { method: '${ $secrets.text }', endpoint: { uri: `${origin}/echo/json` } },
    }),
  ];
}

function authentications({ origin }: Places): JsonObject[] {
  const client = { id: '${ $secrets.client.id }', secret: '${ $secrets.client.secret }' };
  const token = { token: '${ $secrets.file }', type: 'urn:ietf:params:oauth:token-type:access_token' };
  const granted = (properties: JsonObject): JsonObject => ({
    authority: origin,
    endpoints: { token: '/token' },
    grant: 'client_credentials',
    client,
    ...properties,
  });
  return [
    { basic: { username: '${ $secrets.login.username }', password: '${ $secrets.login.password }' } },
    { basic: { use: 'fields' } },
    { bearer: { token: '${ $secrets.text }' } },
    { bearer: { token: '${ "v1-" + $secrets.special }' } },
    { bearer: { use: 'token' } },
    { digest: { use: 'login' } },
    { oauth2: granted({}) },
    { oauth2: granted({ client: { ...client, authentication: 'client_secret_basic' } }) },
    { oauth2: granted({ client: { ...client, authentication: 'client_secret_jwt' } }) },
    { oauth2: granted({ request: { encoding: 'application/json' } }) },
    { oauth2: granted({ grant: 'password', username: 'ann', password: '${ $secrets.login.password }' }) },
    { oauth2: granted({ grant: 'refresh_token', subject: token }) },
    {
      oauth2: granted({
        grant: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject: token,
        actor: token,
      }),
    },
    { oauth2: granted({ endpoints: { token: '/refusing/token' } }) },
    { oauth2: granted({ endpoints: { token: '/echo/not-json/token' } }) },
    { oauth2: { use: 'policy' } },
    { oauth2: { use: 'broken' } },
    { oauth2: granted({ issuers: ['${ $secrets.text }'] }) },
    { oidc: { authority: origin, grant: 'client_credentials', client } },
    { oidc: { authority: origin, grant: 'client_credentials', client, issuers: ['https://other.test'] } },
    { basic: { username: '${ $secrets.login.username + ":" }', password: '${ $secrets.login.password }' } },
    { bearer: { token: '${ $secrets.lines }' } },
  ];
}

function authorizedTasks(authentication: JsonObject, index: number, { origin }: Places): JsonObject[] {
  const path = 'digest' in authentication ? 'digest' : 'echo/json';
  const headers = { 'X-Again': '${ $authorization.scheme + " " + $authorization.parameter }' };
  return [
    http(
      `authorized-${index}`,
      { uri: `${origin}/${path}`, authentication },
      { output: 'response', headers },
    ),
    ...['base64', 'refusal', 'challenge'].map((style) =>
      http(`${style}-${index}`, { uri: `${origin}/echo/${style}`, authentication }, { body: 'x' }),
    ),
  ];
}

function openapiTasks({ origin }: Places): JsonObject[] {
  const call = (name: string, parameters: JsonObject, more: JsonObject = {}): JsonObject =>
    tried(name, {
      call: 'openapi',
      with: {
        document: { endpoint: { uri: `${origin}/openapi.json` } },
        operationId: 'put',
        parameters: { style: 'json', ...parameters },
        output: 'response',
        ...more,
      },
    });
  const everywhere = {
    key: '${ $secrets.special }',
    'X-Key': '${ $secrets.text }',
    session: '${ $secrets.file }',
    body: { token: '${ $secrets.token.token }', lines: '${ $secrets.lines }' },
  };
  const bearer = { bearer: { use: 'token' } };
  return [
    call('everywhere', everywhere, { authentication: bearer }),
    call('refused', { ...everywhere, style: 'refusal' }),
    call('keyed', {}, { operationId: 'keyed', authentication: bearer }),
    call('mistyped', { count: '${ $secrets.text }' }),
    call('missing', {}, { operationId: '${ $secrets.text }' }),
    tried('nowhere', {
      call: 'openapi',
      with: {
        document: {
          endpoint: { uri: `\${ "${origin}/echo/refusal?key=" + $secrets.text }`, authentication: bearer },
        },
        operationId: 'put',
      },
    }),
  ];
}

function grpcTasks({ origin, greeterPort }: Places): JsonObject[] {
  const call = (name: string, method: string, args: JsonObject, authentication: JsonObject): JsonObject =>
    tried(name, {
      call: 'grpc',
      with: {
        proto: { endpoint: { uri: `${origin}/shop/greet/v1/greeter.proto` } },
        service: { name: 'Greeter', host: '127.0.0.1', port: greeterPort, authentication },
        method,
        arguments: args,
      },
    });
  const bearer = { bearer: { use: 'token' } };
  const request = {
    name: '${ $secrets.special }',
    blob: '${ "and " + $secrets.text | @base64 }',
    extra: { deep: ['${ $secrets.lines }'] },
    tags: ['${ $secrets.login.password }'],
  };
  return [
    call('hello', 'SayHello', request, bearer),
    call('denied', 'SayHello', { name: 'PERMISSION_DENIED' }, bearer),
    call('unknown', 'SayHello', { name: 1, nothing: '${ $secrets.text }' }, bearer),
    call('mistyped', 'SayHello', { mood: '${ $secrets.text }' }, bearer),
    call('unsendable', 'SayHello', { name: 'x' }, { bearer: { token: '${ $secrets.lines }' } }),
    call('chat', 'Chat', { messages: [request, { name: 'UNAUTHENTICATED' }] }, { basic: { use: 'fields' } }),
  ];
}

function processTasks(): JsonObject[] {
  const given = {
    arguments: ['${ $secrets.special }', '--key=${ $secrets.text }'],
    environment: { KEY: '${ $secrets.login.password }', ALL: '${ $secrets }' },
    stdin: '${ $secrets.lines }',
  };
  const script = `
    import { readFileSync } from 'node:fs';
    const told = [...process.argv.slice(2), process.env.KEY, process.env.ALL, readFileSync(0, 'utf8')].join(' ');
    console.log(told);
    console.error(told.toUpperCase(), JSON.stringify(JSON.stringify(told)));`;
  const shell = 'echo "$1 $2 $KEY"; env; cat; printf %s "x$2" | base64 >&2; printf %s "$KEY" | od -An -tx1';
  const python =
    'import os, sys, json, urllib.parse\nprint(json.dumps(sys.argv), urllib.parse.quote(sys.argv[1]), ascii(sys.argv))\nraise Exception(os.environ["KEY"])';
  const run = (name: string, how: JsonObject, form = 'all'): JsonObject =>
    tried(name, { run: { ...how, return: form } });
  return [
    run('script', { script: { language: 'js', code: script, ...given } }),
    run(
      'failing',
      { script: { language: 'js', code: `${script}\nthrow new Error(told);`, ...given } },
      'stdout',
    ),
    run('shell', { shell: { command: shell, ...given } }),
    run('failing-shell', { shell: { command: `${shell} >&2; cat "/$1"; exit 3`, ...given } }, 'stdout'),
    run('python', { script: { language: 'python', code: python, ...given } }),
    run('failing-python', { script: { language: 'python', code: python, ...given } }, 'stdout'),
    run(
      'written',
      { script: { language: 'js', code: '${ "console.log(\\"\\($secrets.text)\\") + (" }' } },
      'stdout',
    ),
    {
      later: {
        run: {
          script: { language: 'js', code: `${script}\nthrow new Error(told);`, ...given },
          await: false,
        },
      },
    },
  ];
}

function messageTasks({ messages }: Places): JsonObject[] {
  const tell = (name: string, protocol: string, more: JsonObject): JsonObject =>
    tried(name, {
      call: 'asyncapi',
      with: {
        document: { endpoint: { uri: `http://${messages}/asyncapi-3` } },
        operation: 'findPets',
        protocol,
        authentication: { bearer: { token: '${ $secrets.text }' } },
        message: {
          payload: { kind: '${ $secrets.special }', key: '${ $secrets.file }' },
          headers: { key: '${ $secrets.login.password }' },
        },
        ...more,
      },
    });
  return [
    tell('tell', 'http', {}),
    tell('tell-refusing', 'http', { operation: 'refused' }),
    tell('tell-headers', 'http', {
      message: { payload: { kind: 'x' }, headers: { key: '${ $secrets.lines }' } },
    }),
    tell('tell-nothing', 'http', { operation: '${ $secrets.text }' }),
  ];
}

function subscription({ messages }: Places): JsonObject {
  return {
    document: { endpoint: { uri: `http://${messages}/asyncapi-3` } },
    operation: 'getNotifications',
    protocol: 'ws',
    authentication: { basic: { use: 'login' } },
    subscription: { consume: { amount: 1 }, filter: '${ .payload.user != null }' },
  };
}

/** The document of the operations that {@link definitions} calls; `$ORIGIN` is the partner's. */
export const openapiDocument: Json = {
  openapi: '3.1.0',
  info: { title: 'Echoes', version: '1' },
  servers: [{ url: '$ORIGIN' }],
  paths: {
    '/echo/{style}': {
      post: {
        operationId: 'put',
        parameters: [
          { name: 'style', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'key', in: 'query', schema: { type: 'string' } },
          { name: 'X-Key', in: 'header', schema: { type: 'string' } },
          { name: 'session', in: 'cookie', schema: { type: 'string' } },
          { name: 'count', in: 'query', content: { 'application/xml': {} } },
        ],
        requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
        responses: {},
      },
    },
    '/echo/json': {
      get: { operationId: 'keyed', security: [{ key: [] }], responses: {} },
    },
  },
  components: { securitySchemes: { key: { type: 'apiKey', in: 'query', name: 'api_key' } } },
};
