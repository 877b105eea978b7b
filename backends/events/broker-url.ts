/** The URLs that name a broker: one line holds hosts, credentials and everything that can be chosen. */
import { readFile } from 'node:fs/promises';

export interface Broker {
  readonly host: string;
  readonly port: number;
}

/** A broker's URL, taken apart. */
export interface BrokerUrl {
  readonly scheme: string;
  /** At least one. */
  readonly brokers: readonly [Broker, ...Broker[]];
  readonly username?: string;
  readonly password?: string;
  /** What follows the first slash, decoded; empty where there is nothing. */
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** What a scheme allows. */
export interface BrokerUrlRules {
  readonly port: number;
  /** Names of the parameters that may follow `?`. */
  readonly parameters: readonly string[];
}

/** Files in PEM that a connection over TLS takes: authority, certificate and its key. */
const tlsParameters = ['ca', 'cert', 'key'];

/** Parameters that every system has. */
export const commonParameters = ['group', ...tlsParameters];

const form = /^([a-z]+):\/\/(?:([^/?#]*)@)?([^/?#@]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
const broker = /^(?:\[([\da-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i;

/**
 * Takes `scheme://user:password@host:port,host2:port/path?name=value` apart. User, password, path and values are
 * percent-encoded. Throws a TypeError that says what is wrong and repeats no credentials.
 */
export function parseBrokerUrl(url: string, { port, parameters: allowed }: BrokerUrlRules): BrokerUrl {
  const [, scheme = '', userInfo, hosts = '', path = '', query = ''] = form.exec(url) ?? [];
  if (scheme === '') {
    throw new TypeError(
      'events: expected scheme://user:password@host:port/…; reserved characters in names and passwords are percent-encoded',
    );
  }
  const [first, ...rest] = hosts.split(',').map((text) => parseBroker(text, port));
  if (first === undefined) throw new TypeError('events: the URL names no host');
  const parameters = new Map(new URLSearchParams(query));
  for (const name of parameters.keys()) {
    if (!allowed.includes(name)) {
      throw new TypeError(`events: ${scheme}: has no parameter "${name}"; it has ${allowed.join(', ')}`);
    }
  }
  const colon = userInfo?.indexOf(':') ?? -1;
  const username = colon < 0 ? userInfo : userInfo?.slice(0, colon);
  const password = colon < 0 ? undefined : userInfo?.slice(colon + 1);
  return {
    scheme,
    brokers: [first, ...rest],
    ...(username === undefined ? {} : { username: decoded(username, 'the user') }),
    ...(password === undefined ? {} : { password: decoded(password, 'the password') }),
    path: decoded(path, 'the path'),
    parameters,
  };
}

/** The hosts for errors and logs. */
export function placeOf({ brokers }: BrokerUrl): string {
  return brokers.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
}

/** A parameter that is a whole number. Throws a TypeError. */
export function wholeParameter(
  { parameters }: BrokerUrl,
  name: string,
  { fallback, least, most }: { readonly fallback: number; readonly least: number; readonly most: number },
): number {
  const text = parameters.get(name);
  if (text === undefined) return fallback;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new TypeError(`events: ${name} has to be a whole number from ${least} to ${most}, found "${text}"`);
}

/** A parameter that is one of some words; the first is the default. Throws a TypeError. */
export function wordParameter<Word extends string>(
  { parameters }: BrokerUrl,
  name: string,
  words: readonly [Word, ...Word[]],
): Word {
  const text = parameters.get(name) ?? words[0];
  const word = words.find((known) => known === text);
  if (word !== undefined) return word;
  throw new TypeError(`events: ${name} has to be ${words.join(' or ')}, found "${text}"`);
}

/** A parameter that names something at the broker. Throws a TypeError. */
export function nameParameter({ parameters }: BrokerUrl, name: string, fallback: string): string {
  const text = parameters.get(name) ?? fallback;
  if (/^[\w.-]{1,120}$/.test(text)) return text;
  throw new TypeError(
    `events: ${name} has to be a name of letters, digits, ".", "_" and "-", found "${text}"`,
  );
}

/** The group of a consumer: deployments that share a broker and are to get everything each name theirs in the URL. */
export function groupParameter(url: BrokerUrl, group: string): string {
  return nameParameter(url, 'group', group);
}

export interface TlsFiles {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/**
 * Reads the files that a URL names for TLS; undefined where its scheme is not `secure`. The server's certificate is
 * always checked. Throws a TypeError where a file cannot be read or is named without TLS.
 */
export async function readTlsFiles(
  { parameters, scheme }: BrokerUrl,
  secure: boolean,
): Promise<TlsFiles | undefined> {
  const files: Record<string, Buffer> = {};
  for (const name of tlsParameters) {
    const path = parameters.get(name);
    if (path === undefined) continue;
    if (!secure) throw new TypeError(`events: ${name} is for TLS, and ${scheme}: does not use it`);
    files[name] = await readFile(path).catch((error: unknown) => {
      throw new TypeError(`events: the file of ${name} cannot be read: ${String(error)}`);
    });
  }
  return secure ? files : undefined;
}

function parseBroker(text: string, fallback: number): Broker {
  const [, v6, name, port] = broker.exec(text) ?? [];
  const host = v6 ?? name;
  if (host === undefined) throw new TypeError('events: expected host:port, and commas between several');
  const number = port === undefined ? fallback : Number(port);
  if (number < 1 || number > 65_535) throw new TypeError(`events: ${number} is not a port`);
  return { host, port: number };
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError(`events: ${what} in the URL is not percent-encoded as it should be`);
  }
}
