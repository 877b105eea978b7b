const { abs, acosh, ceil, cos, log, max, PI, sin, sqrt } = Math;

// γ - ln 2. Not ln(x/2), as half of the smallest number is zero.
const eulerLessLn2 = 0.5772156649015329 - Math.LN2;
// From here on Hankel's series in 1/x is precise.
const farFrom = 25;
// Below here the second term of the series in (x/2)² is under the last digit.
const leadingBelow = 1e-9;
// Orders beyond where the value is e^-44 of what is wanted do not matter, and e^-750 is below the smallest number.
const negligible = 44;
const vanishing = 750;

/** The Bessel function of the first kind, J of a whole order. Takes about min(order, x) steps. */
export function besselJ(order: number, x: number): number {
  if (Number.isNaN(x)) return x;
  const n = abs(order);
  // J of -n and of -x differ in their sign for odd orders.
  const flips = n % 2 === 1 && order < 0 !== x < 0;
  const value = positiveJ(n, abs(x));
  return flips ? -value : value;
}

function positiveJ(n: number, x: number): number {
  if (x === Infinity) return 0;
  if (x === 0) return n === 0 ? 1 : 0;
  if (x >= farFrom && n <= x) return upwards(n, x, farJ(0, x), farJ(1, x));
  return ordersOfJ(n, x)[n] ?? 0;
}

/** The Bessel function of the second kind, Y of a whole order. Not a number for negative x, infinite at zero. */
export function besselY(order: number, x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  const n = abs(order);
  const value = positiveY(n, x);
  return n % 2 === 1 && order < 0 ? -value : value;
}

function positiveY(n: number, x: number): number {
  if (x === 0) return -Infinity;
  if (x === Infinity) return 0;
  if (x >= farFrom) return upwards(n, x, farY(0, x), farY(1, x));
  const orders = ordersOfJ(1, x);
  return upwards(n, x, nearY0(x, orders), nearY1(x, orders));
}

/** Order n from the orders 0 and 1. Safe where orders do not fall, so for J up to n = x and for Y always. */
function upwards(n: number, x: number, zero: number, one: number): number {
  if (n === 0) return zero;
  let below = zero;
  let value = one;
  for (let k = 1; k < n && abs(value) !== Infinity; k++) {
    const above = ((2 * k) / x) * value - below;
    below = value;
    value = above;
  }
  return value;
}

/** J of the orders 0 to n for an x so small that only the first term of the series in x/2 counts. */
function leadingTerms(n: number, x: number): readonly number[] {
  const values = [1];
  let term = 1;
  for (let k = 1; k <= n && term > 0; k++) values.push((term *= x / 2 / k));
  return values;
}

/**
 * J of the orders 0 to n and of as many more as matter, by Miller's method: the recurrence downwards from two made-up
 * values, then scaled so that J₀ + 2J₂ + 2J₄ + … = 1. Empty when order n is below the smallest number.
 */
function ordersOfJ(n: number, x: number): readonly number[] {
  if (x < leadingBelow) return leadingTerms(n, x);
  // Beyond x an order falls by the factor e^-arcosh(k/x) from one to the next.
  let k = max(1, ceil(x));
  let fall = 0;
  let wanted = 0;
  for (; fall - wanted < negligible || k <= n; k++) {
    fall += acosh(max(1, k / x));
    if (k <= n) wanted = fall;
    if (wanted > vanishing) return [];
  }
  const values = Array.from({ length: k + 1 }, () => 0);
  let above = 0;
  let value = 1e-300;
  let sum = 0;
  for (; k >= 0; k--) {
    values[k] = value;
    if (k % 2 === 0) sum += k === 0 ? value : 2 * value;
    const below = ((2 * k) / x) * value - above;
    above = value;
    value = below;
  }
  return values.map((each) => each / sum);
}

// Neumann's series of Y₀ and Y₁ in the orders of J.

function nearY0(x: number, orders: readonly number[]): number {
  let sum = 0;
  for (let k = 1; 2 * k < orders.length; k++) sum += ((k % 2 === 0 ? 1 : -1) * (orders[2 * k] ?? 0)) / k;
  return (2 / PI) * ((log(x) + eulerLessLn2) * (orders[0] ?? 0) - 2 * sum);
}

function nearY1(x: number, orders: readonly number[]): number {
  let sum = 0;
  for (let k = 1; 2 * k + 1 < orders.length; k++) {
    const weight = ((k % 2 === 0 ? 1 : -1) * (2 * k + 1)) / (k * (k + 1));
    sum += weight * (orders[2 * k + 1] ?? 0);
  }
  const [zero = 0, one = 0] = orders;
  return (2 / PI) * ((log(x) + eulerLessLn2 - 1) * one - zero / x - sum);
}

function farJ(order: 0 | 1, x: number): number {
  const [p, q] = hankel(order, x);
  const [c, s] = phase(order, x);
  return sqrt(2 / PI / x) * (p * c - q * s);
}

function farY(order: 0 | 1, x: number): number {
  const [p, q] = hankel(order, x);
  const [c, s] = phase(order, x);
  return sqrt(2 / PI / x) * (p * s + q * c);
}

/** Hankel's P and Q. */
function hankel(order: 0 | 1, x: number): readonly [p: number, q: number] {
  const sums: [number, number] = [1, 0];
  let term = 1;
  for (let k = 1; k < 30 && abs(term) > 1e-17; k++) {
    term *= (4 * order - (2 * k - 1) ** 2) / (k * 8 * x);
    const sign = k % 4 < 2 ? 1 : -1;
    sums[k % 2 === 0 ? 0 : 1] += sign * term;
  }
  return sums;
}

/** Cosine and sine of x - π/4, or x - 3π/4 for order 1, without rounding that difference. */
function phase(order: 0 | 1, x: number): readonly [cosine: number, sine: number] {
  const c = cos(x) * Math.SQRT1_2;
  const s = sin(x) * Math.SQRT1_2;
  return order === 0 ? [c + s, s - c] : [s - c, -s - c];
}
