/** How a text may stand in what a partner makes of it, apart from escapes: those {@link readings} undo. */
import { readings } from './readings.ts';

/** One form of a secret. */
export interface Spelling {
  /** In lower case where `anyCase` says that case does not matter. */
  readonly text: string;
  readonly anyCase: boolean;
  /** In base64: a character before and after it that neighbours share, and padding. */
  readonly sharesBefore: boolean;
  readonly sharesAfter: boolean;
}

/** From this length on a text is found in any case, since host names lose theirs: a shorter one may be a common word. */
const shortestInAnyCase = 8;

/** Shorter pieces stand in any longer base64 by chance. */
const shortestFragment = 8;

const windows1252 = new TextDecoder('windows-1252');

/** Every form of the text: plain, as bytes that were read one by one, in base64 and in hexadecimal. */
export function spellings(value: string): readonly Spelling[] {
  const anyCase = value.length >= shortestInAnyCase;
  // Headers lose blanks at their ends, forms write blanks as plus, and accents may be written in two ways.
  const texts = new Set([value, value.trim(), value.normalize('NFC'), value.normalize('NFD')]);
  // Some capitals are two letters.
  if (anyCase) texts.add(value.toUpperCase()).add(value.toLowerCase());
  if (/\s/.test(value)) {
    texts.add(value.replaceAll(/\r?\n/g, '\r\n')).add(value.replaceAll(/[\t\r\n]/g, ''));
    texts.add(value.replaceAll(' ', '+')).add(value.replaceAll(/\r?\n/g, ' '));
  }
  // Between single quotes of a shell.
  texts.add(value.replaceAll("'", String.raw`'\''`));
  // Some undo escapes where there are none.
  for (const text of [value, value.replaceAll('+', ' ')]) {
    for (const reading of readings(text)) texts.add(reading.text);
  }
  // Characters that were taken for bytes of UTF-8.
  texts.add(Buffer.from(value, 'latin1').toString());
  for (const text of Array.from(texts)) {
    const utf8 = Buffer.from(text.toWellFormed());
    texts.add(utf8.toString('latin1')).add(windows1252.decode(utf8));
  }
  const hexadecimal = Buffer.from(value.toWellFormed()).toString('hex');
  const pairs = hexadecimal.match(/../g) ?? [];
  const all = [
    ...[...texts].map((text) => whole(text, anyCase)),
    ...[hexadecimal, pairs.join(':'), pairs.join(' '), pairs.join('-')].map((text) => whole(text, true)),
    // Bodies in base64 hold it as JSON or as a form would.
    ...[value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed())].flatMap(
      inBase64,
    ),
  ];
  return [...new Map(all.map((spelling) => [spelling.text, spelling])).values()];
}

function whole(text: string, anyCase: boolean): Spelling {
  return { text: anyCase ? lowerCase(text) : text, anyCase, sharesBefore: false, sharesAfter: false };
}

/** The same length as before, so that places stay the same. */
export function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/**
 * Base64 of the text's bytes: whole, and for each of the three places that they can have in longer bytes those characters that
 * come from them alone.
 */
function inBase64(value: string): Spelling[] {
  const bytes = Buffer.from(value.toWellFormed());
  const text = bytes.toString('base64');
  const fragments = [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const sharesBefore = before > 0;
    const sharesAfter = (before + bytes.length) % 3 > 0;
    const own = encoded.slice(sharesBefore ? before + 1 : 0, sharesAfter ? -1 : undefined);
    return own.length < shortestFragment ? [] : [{ text: own, anyCase: false, sharesBefore, sharesAfter }];
  });
  return [...fragments, whole(text, false)].flatMap((spelling) => [
    spelling,
    { ...spelling, text: spelling.text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') },
  ]);
}
