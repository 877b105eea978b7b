const { abs, floor, log2, max, min, sign, trunc } = Math;

/** Half goes away from zero; JavaScript's own rounding goes up. */
export function roundAway(value: number): number {
  const size = abs(value);
  const whole = floor(size);
  // Not floor(size + 0.5): the sum of the number just below 0.5 is rounded up to 1.
  return sign(value) * (size - whole >= 0.5 ? whole + 1 : whole);
}

/** Half goes to the even neighbour. */
export function roundEven(value: number): number {
  const below = floor(value);
  const rest = value - below;
  const isUp = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  // The sign of a zero is kept.
  return isUp ? sign(value) * abs(below + 1) : rest === 0 ? value : sign(value) * abs(below);
}

/** Mantissa from 0.5 to 1 and exponent; zero and what is not finite stay as they are. */
export function frexp(value: number): readonly [mantissa: number, exponent: number] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  let exponent = max(-1023, floor(log2(abs(value))) + 1);
  let mantissa = value * 2 ** -exponent;
  while (abs(mantissa) < 0.5) {
    mantissa *= 2;
    exponent--;
  }
  while (abs(mantissa) >= 1) {
    mantissa /= 2;
    exponent++;
  }
  return [mantissa, exponent];
}

/** value · 2^exponent, rounded once. The exponent loses its fraction. */
export function scale(value: number, exponent: number): number {
  const [mantissa, own] = frexp(value);
  if (mantissa === 0 || !Number.isFinite(mantissa)) return value;
  const total = own + (Number.isNaN(exponent) ? 0 : trunc(exponent));
  if (total > 1024) return mantissa * Infinity;
  // In factors that are themselves numbers, of which only the last can round.
  if (total >= -1021) return mantissa * 2 * 2 ** (total - 1);
  return mantissa * 2 ** -1021 * 2 ** max(total + 1021, -1074);
}

/** The next number in a direction. */
export function nextAfter(from: number, to: number): number {
  if (Number.isNaN(from) || Number.isNaN(to)) return Number.NaN;
  if (from === to) return to;
  if (from === 0) return to > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, from);
  const away = to > from === from > 0;
  view.setBigInt64(0, view.getBigInt64(0) + (away ? 1n : -1n));
  return view.getFloat64(0);
}

/** Neither zero, nor so small that digits are missing, nor infinite. */
export function isNormal(value: number): boolean {
  return Number.isFinite(value) && abs(value) >= 2.2250738585072014e-308;
}

/** What is left after the nearest whole number of divisors; of two equally near ones the even. */
export function ieeeRemainder(value: number, divisor: number): number {
  const size = abs(divisor);
  if (!Number.isFinite(value) || Number.isNaN(divisor) || size === 0) return Number.NaN;
  // Twice a huge divisor is infinite, and then this changes nothing, as it should.
  let rest = abs(value) % (2 * size);
  if (rest > size - rest) {
    rest -= size;
    if (rest >= size - rest) rest -= size;
  }
  return value < 0 || Object.is(value, -0) ? -rest : rest;
}

/** left · right + summand, rounded once. */
export function fusedMultiplyAdd(left: number, right: number, summand: number): number {
  const isExact = left === 0 || right === 0 || !Number.isFinite(left) || !Number.isFinite(right);
  if (isExact) return left * right + summand;
  if (!Number.isFinite(summand)) return summand;
  const one = exact(left);
  const two = exact(right);
  const product = { digits: one.digits * two.digits, exponent: one.exponent + two.exponent };
  const other = exact(summand);
  const exponent = min(product.exponent, other.exponent);
  return rounded(shifted(product, exponent) + shifted(other, exponent), exponent);
}

interface Exact {
  readonly digits: bigint;
  readonly exponent: number;
}

function exact(value: number): Exact {
  const [mantissa, exponent] = frexp(value);
  return { digits: BigInt(mantissa * 2 ** 53), exponent: exponent - 53 };
}

function shifted({ digits, exponent }: Exact, to: number): bigint {
  return digits << BigInt(exponent - to);
}

/** The number nearest to digits · 2^exponent, the even one of two. */
function rounded(digits: bigint, exponent: number): number {
  if (digits < 0n) return -rounded(-digits, exponent);
  const length = digits.toString(2).length;
  const drop = max(length - 53, -1074 - exponent);
  if (drop <= 0) return scale(Number(digits), exponent);
  const shift = BigInt(drop);
  const half = 1n << (shift - 1n);
  const kept = digits >> shift;
  const rest = digits - (kept << shift);
  const isUp = rest > half || (rest === half && kept % 2n === 1n);
  return scale(Number(isUp ? kept + 1n : kept), exponent + drop);
}
