import { makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { LogLevel, LogMetadata, Logger as SdkLogger } from '@temporalio/worker';
import type { Logger } from 'pino';
import { findFreePort } from '../temporal/free-port.ts';

const pinoLevels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/**
 * Sets the Temporal SDK's runtime up, once in a process and before any worker: its log goes into `logger`, signals are
 * left to the caller, and its metrics are served on a loopback port, to which this resolves.
 */
export async function installRuntime(logger: Logger): Promise<{ readonly metricsPort: number }> {
  const metricsPort = await findFreePort();
  Runtime.install({
    logger: bridge(logger),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
      metrics: { prometheus: { bindAddress: `127.0.0.1:${metricsPort}`, useSecondsForDurations: true } },
    },
  });
  return { metricsPort };
}

/**
 * Sets the SDK's runtime up for replays, once in a process: what diverges is told once, by the outcome, and the SDK would
 * tell it twice more.
 */
export function silenceSdk(): void {
  const silent = (): void => undefined;
  Runtime.install({
    logger: { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent },
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: 'off', forward: {} } },
  });
}

function bridge(logger: Logger): SdkLogger {
  const log = (level: LogLevel, message: string, meta?: LogMetadata): void => {
    // What the SDK says of itself at `info` are its internal states; workflow and activity code means it.
    const own = meta?.['sdkComponent'] === 'worker' || meta?.['sdkComponent'] === 'core';
    const name = own && level === 'INFO' ? 'debug' : pinoLevels[level];
    const { error, ...members } = meta ?? {};
    logger[name](error === undefined ? members : { ...members, err: error }, message);
  };
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
}
