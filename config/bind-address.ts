import type { Settings } from './settings.ts';

/** Where the API listens; `reason` is for the log when that is not what the settings ask for. */
export interface BindAddress {
  readonly host: string;
  readonly reason?: string;
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;

/** Without API keys everybody who reaches the API may do everything: then it listens on loopback only. */
export function bindAddress({ api }: Pick<Settings, 'api'>): BindAddress {
  if (api.keys.length > 0 || loopback.test(api.host)) return { host: api.host };
  return {
    host: '127.0.0.1',
    reason: `No API keys are configured, so the API listens on 127.0.0.1 and not on ${api.host}; set api.keys (PERDURE_API_KEYS) to open it`,
  };
}
