/** Base 64 and base 32 (RFC 4648) of UTF-8: `Buffer` and `btoa` are not in the workflow sandbox. */

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function encodeBase64(text: string): string {
  return encode(text, base64, 6, 4);
}

export function encodeBase32(text: string): string {
  return encode(text, base32, 5, 8);
}

function encode(text: string, alphabet: string, bits: number, group: number): string {
  let result = '';
  let held = 0;
  let count = 0;
  for (const byte of new TextEncoder().encode(text)) {
    held = (held << 8) | byte;
    count += 8;
    while (count >= bits) {
      count -= bits;
      result += alphabet[(held >> count) & ((1 << bits) - 1)];
      held &= (1 << count) - 1;
    }
  }
  if (count > 0) result += alphabet[(held << (bits - count)) & ((1 << bits) - 1)];
  return result.padEnd(Math.ceil(result.length / group) * group, '=');
}

/** The text; `fail` gets what is wrong. Padding may be missing. */
export function decodeBase64(text: string, fail: (why: string) => never): string {
  // What follows the first sign of padding is not looked at.
  const digits = text.replace(/=[^]*$/, '');
  const bytes = decode(digits, base64, 6);
  if (bytes === undefined) return fail('is not valid base64 data');
  if (digits.length % 4 === 1) return fail('trailing base64 byte found');
  return utf8(bytes);
}

/** The text, or undefined if the digits are not base 32. */
export function decodeBase32(text: string): string | undefined {
  const bytes = decode(text.replace(/=+$/, ''), base32, 5);
  return bytes === undefined ? undefined : utf8(bytes);
}

function decode(digits: string, alphabet: string, bits: number): number[] | undefined {
  const bytes: number[] = [];
  let held = 0;
  let count = 0;
  for (const digit of digits) {
    const value = alphabet.indexOf(digit);
    if (value === -1) return undefined;
    held = (held << bits) | value;
    count += bits;
    if (count >= 8) {
      count -= 8;
      bytes.push(held >> count);
      held &= (1 << count) - 1;
    }
  }
  return bytes;
}

// `TextDecoder` is not in every workflow sandbox; what is no UTF-8 becomes U+FFFD, in the places that jq sees.
function utf8(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const [point, length] = sequence(bytes, at);
    text += String.fromCodePoint(point);
    at += length;
  }
  return text;
}

function sequence(bytes: readonly number[], at: number): readonly [point: number, length: number] {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return [lead, 1];
  const length = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead >= 0xf5) return [0xfffd, 1];
  if (at + length > bytes.length) return [0xfffd, bytes.length - at];
  let point = lead & (0xff >> (length + 1));
  for (let offset = 1; offset < length; offset++) {
    const next = bytes[at + offset] ?? 0;
    if ((next & 0xc0) !== 0x80) return [0xfffd, offset];
    point = (point << 6) | (next & 0x3f);
  }
  const tooSmall = length === 3 ? 0x800 : length === 4 ? 0x10000 : 0x80;
  const isInvalid = point < tooSmall || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff);
  return [isInvalid ? 0xfffd : point, length];
}
