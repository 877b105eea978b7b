/** Searches what the service leaves behind for canaries, and counts what it looked at. */
import type { Canary } from './canary.ts';

/** A canary that was found where none may be. */
export interface Finding {
  readonly canary: string;
  /** How it was written there. */
  readonly form: string;
  readonly place: string;
  /** What stands around it. */
  readonly excerpt: string;
}

export interface Search {
  readonly findings: readonly Finding[];
  /** How much was searched, by kind of place. */
  readonly searched: ReadonlyMap<string, { texts: number; bytes: number }>;
  /** Looks through a text or through bytes; `kind` is what it is counted as, `place` tells a person where it was. */
  look(kind: string, place: string, content: string | Uint8Array): void;
}

interface Needle {
  readonly canary: string;
  readonly form: string;
  readonly text: string;
}

/** A search for these canaries. */
export function createSearch(canaries: readonly Canary[]): Search {
  const needles = Map.groupBy(
    canaries.flatMap(needlesOf),
    ({ text }) => text.charCodeAt(0) * 256 + text.charCodeAt(1),
  );
  const starts = Array.from({ length: 65_536 }, (_, start) => needles.get(start));
  const findings: Finding[] = [];
  const searched = new Map<string, { texts: number; bytes: number }>();
  return {
    findings,
    searched,
    look(kind, place, content) {
      // One character a byte: pieces are ASCII, and what is around them need not be text.
      const text = Buffer.from(content).toString('latin1');
      const count = searched.get(kind) ?? { texts: 0, bytes: 0 };
      searched.set(kind, { texts: count.texts + 1, bytes: count.bytes + text.length });
      const bytes = Buffer.from(text, 'latin1');
      for (let at = 0; at + 1 < bytes.length; at++) {
        for (const needle of starts[bytes.readUInt16BE(at)] ?? []) {
          if (!text.startsWith(needle.text, at)) continue;
          const excerpt = text.slice(Math.max(0, at - 80), at + 80);
          findings.push({ canary: needle.canary, form: needle.form, place: `${kind}: ${place}`, excerpt });
        }
      }
    },
  };
}

/** What was searched, as a line for people. */
export function summary({ searched }: Search): string {
  const counts = [...searched].map(([kind, { texts, bytes }]) => `${texts} ${kind} (${bytes} bytes)`);
  return `searched ${counts.join(', ')}`;
}

function needlesOf({ name, pieces }: Canary): Needle[] {
  const forms = pieces.flatMap((piece) => {
    const bytes = Buffer.from(piece);
    return [
      ['plain', piece],
      ['in lower case', piece.toLowerCase()],
      ['in capitals', piece.toUpperCase()],
      ['in hexadecimal', bytes.toString('hex')],
      ['in hexadecimal capitals', bytes.toString('hex').toUpperCase()],
      ...[0, 1, 2].map((offset) => [`in base64 at offset ${offset}`, base64Middle(bytes, offset)]),
    ] as [string, string][];
  });
  return forms.map(([form, text]) => ({ canary: name, form, text }));
}

/** The characters of base64 that come from these bytes alone when others stand around them. */
function base64Middle(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const end = Math.floor(((offset + bytes.length) * 8) / 6);
  return encoded.slice(Math.ceil((offset * 8) / 6), end);
}
