/** A process that offers a service, as registries know it. */
export interface Instance {
  /** Another one after each start of the process. */
  readonly id: string;
  /** An address, or a name that DNS has. */
  readonly host: string;
  readonly port: number;
  /** Short texts that say more: role, version. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Registration {
  /** The name that others ask for. */
  readonly service: string;
  readonly instance: Instance;
  /** How long after the last sign of life the registry gives up this instance, in milliseconds. */
  readonly ttlMs: number;
  /** Rejects while the instance cannot work: it is not shown to others meanwhile. */
  readonly checkHealth: () => Promise<void>;
}

/** An instance that is kept registered. */
export interface Registered {
  /** False while the registry does not have it: it is away, or the instance is not healthy. */
  isListed(): boolean;
  /** Leaves, so that nobody calls any more. Ends the signs of life even where the registry is away. Never rejects. */
  leave(): Promise<void>;
}

/** What a watch tells. */
export interface Watcher {
  /** The healthy instances as they are now; comes first when they are known, then with each change. */
  changed(instances: readonly Instance[]): void;
  /** The registry does not answer; what was said last stands. Comes again for each attempt that fails. */
  lost(error: unknown): void;
}

export interface Watch {
  stop(): Promise<void>;
}

/**
 * Where services are found. Every system reconnects by itself; none makes its callers wait for a registry that is away.
 */
export interface Discovery {
  /** Where it is, for people: the system and its hosts, without credentials. */
  readonly place: string;
  /**
   * Keeps an instance registered until it leaves or the discovery is closed: it is registered in the background, and
   * again whenever the registry forgot it. Absent where instances come to be known in another way.
   */
  register?(registration: Registration): Registered;
  /** Watches the healthy instances of a service; one that nobody offers has none. */
  watch(service: string, watcher: Watcher): Watch;
  /** Lets registered instances leave, stops watches and ends connections. */
  close(): Promise<void>;
}

/** What a person should know, such as a registry that is away. Never holds credentials. */
export type Report = (message: string, error?: unknown) => void;

/** Names of services that every system can have: labels of DNS, and "_" for those that came before. */
export const serviceName = /^[A-Za-z\d](?:[\w.-]{0,126}[A-Za-z\d])?$/;
