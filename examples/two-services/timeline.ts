/** What both services do, as one list of lines in the order in which it was seen. */
import { setTimeout as delay } from 'node:timers/promises';
import { hasEnded } from '../../cli/follow.ts';
import { taskLine } from '../../cli/progress.ts';
import type { Execution } from '../../cli/responses.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { TwoService } from './service.ts';

const pollMs = 250;
/** Tasks of a function that a task calls: the caller's line says it. */
const insideCall = /\/call(?:\/|$)/;

export interface Timeline {
  /** Puts a line of the demo itself between the others. */
  say(text: string): void;
  /**
   * Shows the tasks of an execution as they change, until it has ended; resolves to how. `find` gives the execution once
   * there is one. A service that does not answer is asked again: it may have been killed.
   */
  follow(service: TwoService, find: () => Promise<Execution | undefined>): Promise<Execution>;
}

export function createTimeline(terminal: Terminal, signal: AbortSignal): Timeline {
  const begun = Date.now();
  const line = (name: string, text: string): void => {
    const seconds = ((Date.now() - begun) / 1_000).toFixed(1).padStart(6);
    terminal.out(`${terminal.style('faint', seconds)}  ${name.padEnd(9)} ${text}\n`);
  };

  return {
    say: (text) => line('', terminal.style('busy', text)),
    async follow(service, find) {
      const printed = new Map<number, string>();
      for (;;) {
        signal.throwIfAborted();
        const execution = await find().catch(() => undefined);
        for (const task of execution?.tasks ?? []) {
          if (insideCall.test(task.reference)) continue;
          const state = `${task.status} ${task.attempt}`;
          if (printed.get(task.seq) === state) continue;
          printed.set(task.seq, state);
          line(service.name, taskLine(task, Date.now(), terminal.style));
        }
        if (execution !== undefined && hasEnded(execution)) return execution;
        await delay(pollMs, undefined, { signal });
      }
    },
  };
}
