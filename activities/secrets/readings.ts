/** A text with some of its escapes undone. */
export interface Reading {
  readonly text: string;
  /** Where each of its characters begins and ends in the original; absent for the original itself. */
  readonly origins?: { readonly from: Uint32Array; readonly to: Uint32Array };
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
  const places = { from: new Uint32Array(text.length), to: new Uint32Array(text.length) };
  let length = 0;
  const place = (from: number, to: number): void => {
    places.from[length] = origins?.from[from] ?? from;
    places.to[length] = origins?.to[to - 1] ?? to;
    length += 1;
  };
  let done = 0;
  const keepUntil = (end: number): void => {
    for (let at = done; at < end; at++) place(at, at + 1);
    kept.push(text.slice(done, end));
  };
  for (const { 0: escape, index } of text.matchAll(pattern)) {
    keepUntil(index);
    done = index + escape.length;
    const meant = undo(escape);
    for (let unit = 0; unit < meant.length; unit++) place(index, done);
    kept.push(meant);
  }
  if (done === 0) return reading;
  keepUntil(text.length);
  return { text: kept.join(''), origins: places };
}

function referred(name: string): string | undefined {
  if (!name.startsWith('#')) return references[name];
  const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0x10ffff ? undefined : String.fromCodePoint(code);
}
