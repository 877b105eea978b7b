/** A text with some of its escapes undone. */
export interface Reading {
  readonly text: string;
  /** Where each of its characters begins in the original, and where that ends; absent for the original itself. */
  readonly origins?: Uint32Array;
}

interface Escape {
  /** What every one of them holds: without it there is nothing to undo. */
  readonly sign: string;
  readonly pattern: RegExp;
  readonly undo: (escape: string) => string;
}

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const references: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const escapes: readonly Escape[] = [
  {
    // JSON, programs and shells.
    sign: '\\',
    pattern: /\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|[nrtbf]|[^a-z0-9])/gi,
    undo: (escape) =>
      escape.length > 2
        ? String.fromCharCode(Number.parseInt(escape.slice(2), 16))
        : (controls[escape.charAt(1).toLowerCase()] ?? escape.charAt(1)),
  },
  {
    // URLs and forms: one character a byte.
    sign: '%',
    pattern: /%[0-9a-f]{2}/gi,
    undo: (escape) => String.fromCharCode(Number.parseInt(escape.slice(1), 16)),
  },
  {
    // HTML and XML.
    sign: '&',
    pattern: /&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});/gi,
    undo: (escape) => referred(escape.slice(1, -1).toLowerCase()) ?? escape,
  },
  // Lines that were folded, and what URLs drop.
  { sign: '\n', pattern: /\r?\n/g, undo: () => '' },
];

/** Texts that were escaped over and over are undone so many times. */
const levels = 3;

/** The text as it is, with the escapes of each kind undone, and with all of them. */
export function* readings(text: string): Generator<Reading, void, undefined> {
  yield { text };
  const present = escapes.filter(({ sign }) => text.includes(sign));
  const choices = present.length > 1 ? [...present.map((escape) => [escape]), present] : [present];
  for (const chosen of choices) {
    let reading: Reading = { text };
    for (let level = 0; level < levels; level++) {
      const before = reading;
      for (const escape of chosen) reading = undone(reading, escape);
      if (reading === before) break;
      yield reading;
    }
  }
}

function undone(reading: Reading, { sign, pattern, undo }: Escape): Reading {
  const { text, origins } = reading;
  if (!text.includes(sign)) return reading;
  const kept: string[] = [];
  const places = new Uint32Array(text.length + 1);
  let length = 0;
  let from = 0;
  const keep = (piece: string, isPlain: boolean): void => {
    for (let index = 0; index < piece.length; index++) {
      const at = isPlain ? from + index : from;
      places[length++] = origins?.[at] ?? at;
    }
    kept.push(piece);
  };
  for (const { 0: escape, index } of text.matchAll(pattern)) {
    keep(text.slice(from, index), true);
    from = index;
    keep(undo(escape), false);
    from = index + escape.length;
  }
  if (from === 0) return reading;
  keep(text.slice(from), true);
  places[length] = origins?.[text.length] ?? text.length;
  return { text: kept.join(''), origins: places.subarray(0, length + 1) };
}

function referred(name: string): string | undefined {
  if (!name.startsWith('#')) return references[name];
  const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0x10ffff ? undefined : String.fromCodePoint(code);
}
