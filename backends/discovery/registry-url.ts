/** The URLs that name a registry: `scheme://user:password@host:port,host2:port/path?name=value`. */
import { readFile } from 'node:fs/promises';

export interface RegistryHost {
  readonly host: string;
  readonly port: number;
}

export interface RegistryUrl {
  readonly scheme: string;
  /** Empty where the URL may go without. */
  readonly hosts: readonly RegistryHost[];
  readonly username?: string;
  readonly password?: string;
  /** What follows the first slash, decoded, without slashes around it. */
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
}

export interface RegistryUrlRules {
  readonly port: number;
  /** Names of the parameters that may follow `?`. */
  readonly parameters: readonly string[];
  readonly withoutHost?: boolean;
}

/** Files in PEM that a connection over TLS takes: authority, certificate and its key. */
export const tlsParameters = ['ca', 'cert', 'key'];

const form = /^([a-z]+):(?:\/\/(?:([^/?#]*)@)?([^/?#@]*)(?:\/([^?#]*))?)?(?:\?([^#]*))?$/;
const hostForm = /^(?:\[([\da-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i;

/**
 * Takes the URL of a registry apart. User, password, path and values are percent-encoded. Throws a TypeError that says
 * what is wrong and repeats no credentials.
 */
export function parseRegistryUrl(url: string, rules: RegistryUrlRules): RegistryUrl {
  const [, scheme, userInfo, hosts = '', path = '', query = ''] = form.exec(url) ?? [];
  if (scheme === undefined || (hosts === '' && rules.withoutHost !== true)) {
    throw invalid('expected scheme://user:password@host:port/…; reserved characters are percent-encoded');
  }
  const parameters = new Map(new URLSearchParams(query));
  for (const name of parameters.keys()) {
    if (!rules.parameters.includes(name)) {
      const known = rules.parameters.length === 0 ? 'it has none' : `it has ${rules.parameters.join(', ')}`;
      throw invalid(`${scheme}: has no parameter "${name}"; ${known}`);
    }
  }
  const [username, password] = credentials(userInfo);
  return {
    scheme,
    hosts: hosts === '' ? [] : hosts.split(',').map((text) => parseHost(text, rules.port)),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    path: decoded(path, 'the path').replaceAll(/^\/+|\/+$/g, ''),
    parameters,
  };
}

/** `host:port`, or `host:port` of several with commas. */
export function hostsText(hosts: readonly RegistryHost[]): string {
  return hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
}

/** The system and its hosts for errors and logs. */
export function placeOf({ scheme, hosts }: RegistryUrl): string {
  return hosts.length === 0 ? scheme : `${scheme} at ${hostsText(hosts)}`;
}

export interface TlsFiles {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Reads the files that the URL names for TLS. Throws a TypeError where one cannot be read, or TLS is not used. */
export async function readTlsFiles(
  { parameters, scheme }: RegistryUrl,
  isSecure: boolean,
): Promise<TlsFiles | undefined> {
  const files: Record<string, Buffer> = {};
  for (const name of tlsParameters) {
    const path = parameters.get(name);
    if (path === undefined) continue;
    if (!isSecure) throw invalid(`${name} is for TLS, and ${scheme}: does not use it; write ${scheme}s:`);
    files[name] = await readFile(path).catch((error: unknown) => {
      throw invalid(`the file of ${name} cannot be read: ${String(error)}`);
    });
  }
  return isSecure ? files : undefined;
}

/** The error for a URL that does not fit. */
export function invalid(detail: string): TypeError {
  return new TypeError(`discovery.url: ${detail}`);
}

function credentials(userInfo: string | undefined): readonly (string | undefined)[] {
  if (userInfo === undefined) return [];
  const colon = userInfo.indexOf(':');
  if (colon < 0) return [decoded(userInfo, 'the user')];
  return [decoded(userInfo.slice(0, colon), 'the user'), decoded(userInfo.slice(colon + 1), 'the password')];
}

/** `host`, `host:port`, `[address]:port`. Throws a TypeError for what is none. */
export function parseHost(text: string, fallback: number): RegistryHost {
  const [, v6, name, port] = hostForm.exec(text.trim()) ?? [];
  const host = v6 ?? name;
  const number = port === undefined ? fallback : Number(port);
  if (host === undefined || number < 1 || number > 65_535) {
    throw invalid(`expected host:port, and commas between several; found "${text.slice(0, 100)}"`);
  }
  return { host, port: number };
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(`${what} in the URL is not percent-encoded as it should be`);
  }
}
