const { abs, exp, floor, log, log1p, PI, pow, sin, sqrt } = Math;

// ζ(k) - 1 for k from 2: the coefficients of ln Γ(2 + z).
const zetaLessOne = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993, 0.01734306198444914,
  0.008349277381922827, 0.00407735619794434, 0.0020083928260822143, 0.0009945751278180853,
  0.0004941886041194645, 0.0002460865533080483, 0.00012271334757848915, 6.124813505870483e-5,
  3.058823630702049e-5, 1.528225940865187e-5, 7.637197637899763e-6, 3.81729326499984e-6, 1.908212716553939e-6,
  9.539620338727962e-7, 4.769329867878064e-7, 2.38450502727733e-7, 1.1921992596531106e-7,
  5.960818905125948e-8, 2.980350351465228e-8, 1.4901554828365043e-8,
];
const oneLessEuler = 0.42278433509846713;

// Stirling's series in 1/x, Bernoulli numbers over 2k(2k - 1).
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156, -3617 / 122_400];
const stirlingFrom = 12;

/** Γ(x). Not a number at negative whole numbers and -∞; infinite at zero and beyond 171.6. */
export function gamma(x: number): number {
  if (x === 0) return 1 / x;
  if (x === -Infinity || (Number.isInteger(x) && x < 0)) return Number.NaN;
  if (x < 0.5) return gammaByReflection(x);
  if (x > 172) return Infinity;
  // Downwards from a factor of one each, so that whole numbers give exact factorials.
  let product = 1;
  let rest = x;
  if (x < 24 && Number.isInteger(x)) {
    while (rest > 1) product *= --rest;
    return product;
  }
  while (rest < stirlingFrom) product *= rest++;
  // In two halves, as the whole power overflows before Γ does.
  const half = pow(rest, rest / 2);
  return ((half * exp(-rest)) / sqrt(rest / (2 * PI))) * exp(stirlingSum(rest)) * (half / product);
}

function gammaByReflection(x: number): number {
  if (x > -170) return PI / (sinPi(x) * gamma(1 - x));
  // Γ(1 - x) overflows here although its reciprocal is still a number: go up first.
  if (x < -184) return floor(x) % 2 === 0 ? 0 : -0;
  let result = gamma(x + 20);
  for (let step = 19; step >= 0; step--) result /= x + step;
  return result;
}

/** ln |Γ(x)|. Infinite at zero and at negative whole numbers. */
export function logGamma(x: number): number {
  if (Number.isNaN(x)) return x;
  if (abs(x) === Infinity || (x <= 0 && Number.isInteger(x))) return Infinity;
  if (x < -0.5) return log(PI / abs(x * sinPi(x))) - logGamma(-x);
  if (x < 0.5) return nearTwo(x) - log1p(x) - log(abs(x));
  if (x < 1.5) return nearTwo(x - 1) - log1p(x - 1);
  if (x >= stirlingFrom) return (x - 0.5) * (log(x) - 1) + (0.5 * log(2 * PI) - 0.5) + stirlingSum(x);
  let rest = x;
  let product = 1;
  while (rest > 2.5) product *= --rest;
  return nearTwo(rest - 2) + log(product);
}

/** The sign of Γ(x), as C's `lgamma_r` tells it: 1 where there is none. */
export function gammaSign(x: number): number {
  if (x === 0) return Object.is(x, -0) ? -1 : 1;
  return x < 0 && !Number.isInteger(x) && floor(x) % 2 === -1 ? -1 : 1;
}

/** ln Γ(2 + z) for z from -0.5 to 0.5: no logarithm, so that its zeros at 1 and 2 come out precisely. */
function nearTwo(z: number): number {
  let sum = 0;
  for (let k = zetaLessOne.length + 1; k >= 2; k--) sum = ((zetaLessOne[k - 2] ?? 0) / k - sum) * z;
  return z * (oneLessEuler + sum);
}

function stirlingSum(x: number): number {
  const square = 1 / (x * x);
  let sum = 0;
  for (let term = stirling.length - 1; term >= 0; term--) sum = sum * square + (stirling[term] ?? 0);
  return sum / x;
}

/** sin πx, with x brought near zero first: for large x the product with π alone loses its digits. */
function sinPi(x: number): number {
  const nearest = Math.round(x);
  const value = sin(PI * (x - nearest));
  return nearest % 2 === 0 ? value : -value;
}
