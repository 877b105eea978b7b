/**
 * Secrets of every kind on the service as its users run it: they reach who they are for, who repeats them in every form,
 * and are found in nothing that the service leaves behind. What is no secret is found by the same search.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { greeterProto, messagesProto, startGreeter } from '../../activities/grpc/greeter-under-test.ts';
import type { GreeterUnderTest } from '../../activities/grpc/greeter-under-test.ts';
import type { JsonObject } from '../../dsl/json.ts';
import { startMessagePartner, type MessagePartner } from '../engine/message-partner.ts';
import { eventually, startService, type Service } from '../service-process.ts';
import { newCanary } from './canary.ts';
import { definitions, openapiDocument } from './definitions.ts';
import { lookThrough } from './leftovers.ts';
import { startEchoingPartner, type EchoingPartner } from './partner.ts';
import { createSearch, summary, type Search } from './search.ts';

const root = join(__dirname, '../..');

/** What is written to the settings, the environment and the folder of secrets. */
const given = {
  text: newCanary('a text'),
  username: newCanary('a username'),
  password: newCanary('a password'),
  token: newCanary('a token in an object'),
  clientId: newCanary('a client id'),
  clientSecret: newCanary("a client's secret"),
  nested: newCanary('a member deep inside'),
  special: newCanary('a text with characters that are escaped', '"&<\'%41\\/+ >'),
  lines: newCanary('a text of several lines', '\n'),
  accents: newCanary('a text beyond ASCII', 'üß😀'),
  file: newCanary('a file'),
  policy: newCanary('a password in a policy'),
  fieldName: newCanary('a username in a folder'),
  fieldPassword: newCanary('a password in a folder'),
};
/** What the authority makes up, and what only the service itself uses. */
const issued = {
  access: newCanary('an access token'),
  refresh: newCanary('a refresh token'),
  identity: newCanary('an identity token'),
};
const own = {
  apiKey: newCanary('the key of the API'),
  temporalApiKey: newCanary('the key for Temporal'),
  sinkPassword: newCanary("the password in the sink's URL"),
  undeclared: newCanary('a secret that no definition lists'),
};
const canaries = [...Object.values(given), ...Object.values(issued), ...Object.values(own)];
/** No secret: it must be found. */
const plain = newCanary('a plain value');

const secretNames = 'text login token client nested special lines accents file fields policy broken'.split(
  ' ',
);

let folder: string;
let partner: EchoingPartner;
let greeter: GreeterUnderTest;
let messages: MessagePartner;
let service: Service;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perdure-canaries-'));
  await mkdir(join(folder, 'fields'));
  await writeFile(join(folder, 'file'), `${given.file.value}\n`);
  await writeFile(join(folder, 'fields/username'), given.fieldName.value);
  await writeFile(join(folder, 'fields/password'), given.fieldPassword.value);
  greeter = await startGreeter();
  messages = await startMessagePartner();
  partner = await startEchoingPartner(canaries, issued, {
    '/openapi.json': JSON.stringify(openapiDocument),
    '/shop/greet/v1/greeter.proto': greeterProto,
    '/shop/greet/v1/messages.proto': messagesProto,
  });
  const policy = { grant: 'password', username: 'ann', password: given.policy.value };
  await writeFile(join(folder, 'policy'), JSON.stringify({ ...policy, authority: partner.origin }));
  await writeFile(
    join(folder, 'broken'),
    JSON.stringify({ ...policy, authority: `http://${given.policy.value}.invalid` }),
  );
  const sha256 = createHash('sha256').update(own.apiKey.value).digest('hex');
  service = await startService(root, {
    PERDURE_SECRET_TEXT: given.text.value,
    PERDURE_SECRET_LOGIN: JSON.stringify({ username: given.username.value, password: given.password.value }),
    PERDURE_SECRET_TOKEN: JSON.stringify({ token: given.token.value }),
    PERDURE_SECRET_CLIENT: JSON.stringify({ id: given.clientId.value, secret: given.clientSecret.value }),
    PERDURE_SECRET_NESTED: JSON.stringify({ deep: [{ key: given.nested.value }] }),
    PERDURE_SECRET_SPECIAL: given.special.value,
    PERDURE_SECRET_LINES: given.lines.value,
    PERDURE_SECRET_ACCENTS: given.accents.value,
    PERDURE_SECRET_UNDECLARED: own.undeclared.value,
    PERDURE_SECRETS_FOLDER: folder,
    PERDURE_API_KEYS: `tester:${sha256}`,
    TEMPORAL_API_KEY: own.temporalApiKey.value,
    TEMPORAL_TLS: 'false',
    PERDURE_EVENTS: `http://ann:${own.sinkPassword.value}@${partner.host}/sink`,
    PERDURE_OUTGOING_ALLOW: [partner.host, messages.host, `127.0.0.1:${greeter.port}`].join(','),
    PERDURE_RUN_PYTHON: 'true',
    PERDURE_RUN_SHELL: 'true',
    PERDURE_RUN_ISOLATION: 'best-effort',
    PERDURE_LOG_LEVEL: 'trace',
    PERDURE_LOG_FORMAT: 'json',
  });
}, 120_000);

afterAll(async () => {
  await service?.stop();
  await partner?.close();
  await messages?.close();
  greeter?.close();
  await rm(folder, { recursive: true, force: true });
});

const headers = { authorization: `Bearer ${own.apiKey.value}`, 'content-type': 'application/json' };

async function ask<T>(path: string, body?: object): Promise<T> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(service.url + path, { ...init, headers });
  const answer = (await response.json()) as T;
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

async function deploy(name: string, body: JsonObject): Promise<void> {
  const document = { dsl: '1.0.3', namespace: 'canaries', name, version: '1.0.0' };
  await ask('/v1/definitions', { document, use: { secrets: secretNames }, ...body });
}

interface Execution {
  readonly id: string;
  readonly status: string;
  readonly tasks: readonly { readonly name: string; readonly status: string }[];
  readonly error: object | null;
}

async function run(name: string, start: JsonObject = {}): Promise<Execution> {
  const { id } = await ask<Execution>('/v1/executions', {
    workflow: `canaries/${name}`,
    input: {},
    ...start,
  });
  return eventually(
    `the end of ${name}`,
    async () => {
      const execution = await ask<Execution>(`/v1/executions/${id}`);
      return ['completed', 'faulted'].includes(execution.status) ? execution : undefined;
    },
    { timeoutMs: 120_000 },
  );
}

async function searched(): Promise<Search> {
  const search = createSearch([...canaries, plain]);
  const { url, temporalAddress, data } = service;
  await lookThrough(search, {
    namespace: 'perdure',
    temporalAddress,
    url,
    headers,
    data,
    log: service.output,
  });
  for (const [index, event] of partner.events.entries()) search.look('events', String(index), event);
  return search;
}

test('secrets are found nowhere, and what is no secret is found everywhere', async () => {
  const { origin } = partner;
  const all = definitions({ origin, greeterPort: greeter.port, messages: messages.host });
  for (const [name, body] of Object.entries(all)) await deploy(name, body);
  const { awaited: _awaited, ...others } = all;
  for (const name of Object.keys(others)) {
    expect(await run(name)).toMatchObject({ status: 'completed', error: null });
  }
  const awaited = run('awaited');
  await messages.subscribed(1);
  await delay(200);
  messages.send({ user: 'u1', told: given.password.value, [given.username.value]: [given.special.value] });
  expect(await awaited).toMatchObject({ status: 'completed' });
  await ask('/v1/schedules/canaries/scheduled/trigger', {});

  const leak = { set: { leak: '${ .plain }' } };
  const event = {
    emit: { event: { with: { type: 'plain', source: 'https://canaries.test', data: '${ .leak }' } } },
  };
  await deploy('leaking', { do: [{ leak }, { emit: event }] });
  await run('leaking', { id: plain.value, input: { plain: plain.value } });
  await fetch(`${service.url}/v1/executions/${plain.value}`, { headers });

  const search = await searched();
  console.log(summary(search));
  const leaks = search.findings.filter(({ canary }) => canary !== plain.name);
  const told = leaks.map(({ canary, form, place, excerpt }) => `${canary} ${form} in ${place}: ${excerpt}`);
  expect(told).toEqual([]);
  const kinds = new Set(search.findings.map(({ place }) => place.split(':')[0]));
  expect(kinds).toEqual(new Set(search.searched.keys()));

  const unheard = [...Object.values(given), issued.access, own.sinkPassword].filter(
    ({ name }) => !partner.heard.has(name),
  );
  expect(unheard.map(({ name }) => name)).toEqual([]);
}, 400_000);
