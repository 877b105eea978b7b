import type { DeadLetter } from './responses.ts';
import { printable } from './terminal.ts';

/** A dead letter as `show` tells it. Ends with a line break. */
export function deadLetterText(letter: DeadLetter): string {
  const { id, reason, detail, event, origin, diedAt, failedAt, expiresAt } = letter;
  const { attempts, bytes, complete, reached, content = null } = letter;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['id', id],
    ['reason', reason],
    ['detail', detail],
    ['type', event.type],
    ['source', event.source],
    ['event', event.id],
    ['origin', origin],
    ['died', diedAt],
    ['failed', `${failedAt}, the last of ${attempts} tries`],
    ['expires', expiresAt],
    ['reached', reached === 0 ? undefined : `${reached} have it nevertheless and do not get it again`],
  ];
  const lines = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [`${`${name}:`.padEnd(9)}${printable(value)}`],
  );
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  const heading = complete ? 'content:' : `content, the beginning of ${bytes} bytes:`;
  return [...lines, heading, ...text.split('\n').map(printable)].map((line) => `${line}\n`).join('');
}
