/** The URL of a MongoDB store: the driver's own, with defaults of ours. */
import { storeName } from './store-name.ts';

export interface MongoUrl {
  /** The URL without user, password and parameters: for messages. */
  readonly name: string;
  readonly database: string;
  /** What the driver gets. */
  readonly connection: string;
  /** How long one call may take with all that the driver waits for, in milliseconds. */
  readonly deadlineMs: number;
}

const defaultDatabase = 'perdure';

/** What holds where the URL says nothing else; https://www.mongodb.com/docs/manual/reference/connection-string-options/ */
const defaults: Readonly<Record<string, string>> = {
  appName: 'perdure',
  maxPoolSize: '10',
  serverSelectionTimeoutMS: '5000',
  connectTimeoutMS: '5000',
  socketTimeoutMS: '10000',
  waitQueueTimeoutMS: '10000',
};

/** Takes the URL apart as far as that is needed; the driver checks it. */
export function parseMongoUrl(url: string): MongoUrl {
  const [address = '', query = ''] = url.split('?', 2);
  const [, scheme = '', authority = '', path = ''] = /^([^:]*:\/\/)([^/]*)\/?(.*)$/s.exec(address) ?? [];
  const database = path === '' ? defaultDatabase : safelyDecoded(path);
  const parameters = new URLSearchParams(query);
  const given = new Set([...parameters.keys()].map((name) => name.toLowerCase()));
  for (const [name, value] of Object.entries(defaults)) {
    if (!given.has(name.toLowerCase())) parameters.append(name, value);
  }
  const milliseconds = (wanted: string): number => {
    const written = [...parameters].find(([name]) => name.toLowerCase() === wanted)?.[1];
    // What is no number the driver refuses.
    return Number(written) || 0;
  };
  return {
    name: storeName(url),
    database,
    // Users are known to the database that the path names, or to `admin` where it names none.
    connection: `${scheme}${authority}/${path}?${parameters.toString()}`,
    deadlineMs: milliseconds('serverselectiontimeoutms') + milliseconds('sockettimeoutms') + 2_000,
  };
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
