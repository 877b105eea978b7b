/** What makes the subject fail, for a while. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Execution } from '../execution.ts';

// Long enough for the engine to come from the gate to the subject on a busy machine.
const offMs = 10_000;

/** Lets the disturbed turn of the subject fail until `mend`: its partner refuses, or it is too early. */
export function makeTrouble({ row, partner }: Execution): { mend(): Promise<void> } {
  const { step } = row.subject;
  if (step !== undefined) {
    partner.refuse(step);
    return { mend: async () => partner.accept() };
  }
  let until = 0;
  partner.spoil(() => {
    until = Date.now() + offMs;
    return { until: until / 1_000 };
  });
  return {
    async mend() {
      const left = until + 100 - Date.now();
      if (left > 0) await delay(left);
    },
  };
}

export const caught = { notApplicable: 'what it raises is caught around it: the execution does not fault' };
