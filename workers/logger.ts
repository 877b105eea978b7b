import pino from 'pino';
import type { Logger } from 'pino';
import type { Settings } from '../config/settings.ts';
import { prettyLine } from './pretty-log.ts';

/**
 * The process's log, on standard output: JSON lines for machines, or one readable line an entry for terminals. Each
 * entry carries `role`, the part of the service that it comes from.
 */
export function createLogger(settings: Settings['log']): Logger {
  const { level } = settings;
  const options = { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime };
  if (!isForPeople(settings)) {
    return pino({ ...options, formatters: { level: (label) => ({ level: label }) } });
  }
  const colours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  return pino(options, {
    write: (entry: string) => process.stdout.write(prettyLine(entry, colours)),
  });
}

/** Whether a person reads the log: asked for, or left open and standard output is a terminal. */
export function isForPeople({ format }: Settings['log']): boolean {
  return format === 'auto' ? process.stdout.isTTY : format === 'pretty';
}
