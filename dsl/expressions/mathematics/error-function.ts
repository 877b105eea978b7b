const { abs, exp, fround, PI, sqrt } = Math;

// Where the tail's continued fraction converges soon enough, and where the sum still keeps the digits of 1 - erf.
const tailFrom = 1.5;
// erfc is below the smallest number from here on.
const vanishes = 27.3;

/** The error function. */
export function erf(x: number): number {
  const size = abs(x);
  if (size < tailFrom) return byPowers(x);
  const value = 1 - tail(size);
  return x < 0 ? -value : value;
}

/** 1 - erf(x), precise where that is tiny. */
export function erfc(x: number): number {
  if (x < 0.5) return 1 - erf(x);
  return x < tailFrom ? 1 - byPowers(x) : tail(x);
}

/** 2/√π · e^(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·5…(2n+1)): all terms have one sign, so that nothing cancels. */
function byPowers(x: number): number {
  let term = 1;
  let sum = 1;
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (2 * x * x) / odd;
    sum += term;
  }
  return (2 / sqrt(PI)) * gauss(x) * sum * x;
}

/** erfc(x) = e^(-x²)/√π · 1/(x + ½/(x + 1/(x + 1½/(x + …)))), for x from 1.5. */
function tail(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > vanishes) return 0;
  let fraction = x;
  for (let level = 130; level > 0; level--) fraction = x + level / 2 / fraction;
  return gauss(x) / (fraction * sqrt(PI));
}

/** e^(-x²). The square of a number of half the digits is exact, so that the error of x² is not blown up. */
function gauss(x: number): number {
  const high = fround(x);
  return exp(-high * high) * exp((high - x) * (high + x));
}
