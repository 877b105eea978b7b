/** The URL of a database with a server: `scheme://user:password@host:port/database?parameters`. */
import { readFileSync } from 'node:fs';
import { checkServerIdentity } from 'node:tls';
import type { ConnectionOptions, PeerCertificate } from 'node:tls';
import { reasonOf, StoreError } from './errors.ts';
import { storeName } from './store-name.ts';

/** A database, and how to connect to it. */
export interface DatabaseUrl {
  /** The URL without user, password and parameters: for messages. */
  readonly name: string;
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database: string;
  /** Absent: plain text. */
  readonly tls?: ConnectionOptions;
  /** Connections that this process opens at most. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** How long the server may take over one statement. */
  readonly timeoutMs: number;
  /** The parameters of this system alone. */
  readonly own: Readonly<Record<string, string>>;
}

const encryption = ['tls', 'tlsCaFile', 'tlsCertFile', 'tlsKeyFile', 'tlsServerName'];
const common = [...encryption, 'connections', 'connectTimeoutMs', 'timeoutMs'];

/** What hosts of PostgreSQL and MySQL write into the URLs that they give, and what it is here. */
const aliases: Readonly<Record<string, string>> = {
  sslmode: 'tls',
  'ssl-mode': 'tls',
  sslrootcert: 'tlsCaFile',
  'ssl-ca': 'tlsCaFile',
  sslcert: 'tlsCertFile',
  'ssl-cert': 'tlsCertFile',
  sslkey: 'tlsKeyFile',
  'ssl-key': 'tlsKeyFile',
};
const tlsModes: Readonly<Record<string, 'off' | 'verified' | 'unverified'>> = {
  false: 'off',
  true: 'verified',
  unverified: 'unverified',
  disable: 'off',
  disabled: 'off',
  require: 'unverified',
  required: 'unverified',
  'verify-ca': 'verified',
  'verify-full': 'verified',
  verify_ca: 'verified',
  verify_identity: 'verified',
};

/**
 * Parses the URL; `own` names parameters beside the common ones. Fails with a {@link StoreError} that says what is
 * wrong, never with a password in it. Files of certificates are read now.
 */
export function parseDatabaseUrl(text: string, own: readonly string[] = []): DatabaseUrl {
  const scheme = text.replace(/:.*$/s, '');
  const refuse = (detail: string): StoreError =>
    new StoreError('invalid', `The store's URL (setting \`store\`, PERDURE_STORE) ${detail}`);
  if (!URL.canParse(text)) {
    const form = `${scheme}://user:password@host:port/database`;
    throw refuse(
      `is not one: expected ${form}; write special characters of the password as %40 and the like`,
    );
  }
  const url = new URL(text);
  const decode = (part: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw refuse('holds a % that is not part of an escape such as %40; write %25 for it');
    }
  };
  const parameters: Record<string, string> = {};
  for (const [written, value] of url.searchParams) {
    const name = aliases[written] ?? written;
    if (![...common, ...own].includes(name)) {
      throw refuse(`has the unknown parameter ${written}; known: ${[...own, ...common].join(', ')}`);
    }
    parameters[name] = value;
  }
  const whole = (name: string, otherwise: number, max: number): number => {
    const value = parameters[name];
    if (value === undefined) return otherwise;
    const isWhole = /^\d{1,9}$/.test(value) && Number(value) >= 1 && Number(value) <= max;
    if (!isWhole) throw refuse(`asks for ${name}=${value}; expected a whole number from 1 to ${max}`);
    return Number(value);
  };
  const host = decode(url.hostname.replace(/^\[(.*)\]$/, '$1'));
  if (host === '') throw refuse(`names no host: expected ${scheme}://user:password@host:port/database`);
  const database = decode(url.pathname.replace(/^\//, ''));
  return {
    name: storeName(text),
    host,
    port: url.port === '' ? undefined : Number(url.port),
    user: url.username === '' ? undefined : decode(url.username),
    password: url.password === '' ? undefined : decode(url.password),
    database,
    tls: tlsOf(parameters, host, refuse),
    connections: whole('connections', 10, 1_000),
    connectTimeoutMs: whole('connectTimeoutMs', 5_000, 600_000),
    timeoutMs: whole('timeoutMs', 10_000, 600_000),
    own: Object.fromEntries(Object.entries(parameters).filter(([name]) => own.includes(name))),
  };
}

function tlsOf(
  parameters: Readonly<Record<string, string>>,
  host: string,
  refuse: (detail: string) => StoreError,
): ConnectionOptions | undefined {
  const wanted = parameters.tls ?? String(encryption.some((name) => parameters[name] !== undefined));
  const mode = Object.hasOwn(tlsModes, wanted.toLowerCase()) ? tlsModes[wanted.toLowerCase()] : undefined;
  if (mode === undefined) throw refuse(`asks for tls=${wanted}; expected true, false or unverified`);
  if (mode === 'off') return undefined;
  const fileOf = (name: string): Buffer | undefined => {
    const path = parameters[name];
    if (path === undefined) return undefined;
    try {
      return readFileSync(path);
    } catch (error) {
      throw refuse(`names in ${name} a file that cannot be read: ${reasonOf(error)}`);
    }
  };
  const [ca, cert, key] = [fileOf('tlsCaFile'), fileOf('tlsCertFile'), fileOf('tlsKeyFile')];
  const serverName = parameters.tlsServerName;
  return {
    rejectUnauthorized: mode === 'verified',
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    // An address is no name that TLS could ask for, and several are not one.
    servername: serverName ?? (/^[\d.]+$|[:,]/.test(host) ? undefined : host),
    // Some clients ask by the host's own name all the same.
    ...(serverName !== undefined && {
      checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
        checkServerIdentity(serverName, certificate),
    }),
  };
}
