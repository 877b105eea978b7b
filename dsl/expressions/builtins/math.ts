import type { Json } from '../../json.ts';
import type { Run } from '../runtime.ts';
import { describe, raise } from '../values.ts';
import { natives } from './define.ts';
import type { Builtins, Native } from './define.ts';

function expectNumber(value: Json, run: Run): number {
  return typeof value === 'number' ? value : raise(`${describe(value, run)} number required`);
}

/** Half goes away from zero; JavaScript's own rounding goes up. */
function round(value: number): number {
  return Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
}

/** Half goes to the even neighbour. */
function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Mantissa from 0.5 to 1 and exponent; zero and what is not finite stay as they are. */
function frexp(value: number): readonly [mantissa: number, exponent: number] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  let exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(value))) + 1);
  let mantissa = value * 2 ** -exponent;
  while (Math.abs(mantissa) < 0.5) {
    mantissa *= 2;
    exponent--;
  }
  while (Math.abs(mantissa) >= 1) {
    mantissa /= 2;
    exponent++;
  }
  return [mantissa, exponent];
}

/** In two factors, so that neither overflows where the product does not. */
function scale(value: number, exponent: number): number {
  const whole = Math.trunc(Math.min(Math.max(exponent, -2200), 2200));
  const half = Math.trunc(whole / 2);
  return value * 2 ** half * 2 ** (whole - half);
}

function nextAfter(from: number, to: number): number {
  if (Number.isNaN(from) || Number.isNaN(to)) return Number.NaN;
  if (from === to) return to;
  if (from === 0) return to > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, from);
  const away = to > from === from > 0;
  view.setBigInt64(0, view.getBigInt64(0) + (away ? 1n : -1n));
  return view.getFloat64(0);
}

function isNormal(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) >= 2.2250738585072014e-308;
}

/** The remainder that is nearest to zero. */
function ieeeRemainder(value: number, divisor: number): number {
  if (!Number.isFinite(value) || divisor === 0) return Number.NaN;
  if (!Number.isFinite(divisor)) return value;
  return value - divisor * roundEven(value / divisor);
}

// Lanczos' approximation with g = 7: good to about 15 digits.
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

function gamma(value: number): number {
  if (Number.isInteger(value) && value > 0 && value < 24) {
    let product = 1;
    for (let factor = 2; factor < value; factor++) product *= factor;
    return product;
  }
  if (value < 0.5) return Math.PI / (Math.sin(Math.PI * value) * gamma(1 - value));
  return Math.exp(logGamma(value));
}

function logGamma(value: number): number {
  if (value < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * value))) - logGamma(1 - value);
  const shifted = value - 1;
  let sum = lanczos[0] ?? 0;
  for (let term = 1; term < lanczos.length; term++) sum += (lanczos[term] ?? 0) / (shifted + term);
  const t = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

const unary = {
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  cbrt: Math.cbrt,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  exp: Math.exp,
  exp10: (value: number) => 10 ** value,
  exp2: (value: number) => 2 ** value,
  expm1: Math.expm1,
  fabs: Math.abs,
  floor: Math.floor,
  lgamma: logGamma,
  log: Math.log,
  log10: Math.log10,
  log1p: Math.log1p,
  log2: Math.log2,
  logb: (value: number) =>
    value === 0 ? -Infinity : Number.isFinite(value) ? frexp(value)[1] - 1 : Math.abs(value),
  nearbyint: roundEven,
  rint: roundEven,
  round,
  significand: (value: number) => (value === 0 || !Number.isFinite(value) ? value : frexp(value)[0] * 2),
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
  tgamma: gamma,
  trunc: Math.trunc,
} satisfies Record<string, (value: number) => number>;

const binary = {
  atan2: Math.atan2,
  copysign: (value: number, sign: number) => Math.abs(value) * (sign < 0 || Object.is(sign, -0) ? -1 : 1),
  drem: ieeeRemainder,
  fdim: (left: number, right: number) => (left <= right ? 0 : left - right),
  fmax: (left: number, right: number) =>
    Number.isNaN(left) ? right : Number.isNaN(right) ? left : Math.max(left, right),
  fmin: (left: number, right: number) =>
    Number.isNaN(left) ? right : Number.isNaN(right) ? left : Math.min(left, right),
  fmod: (left: number, right: number) => left % right,
  hypot: Math.hypot,
  ldexp: scale,
  nextafter: nextAfter,
  nexttoward: nextAfter,
  pow: (base: number, exponent: number) => (base === 1 ? 1 : base ** exponent),
  remainder: ieeeRemainder,
  scalb: scale,
  scalbln: scale,
} satisfies Record<string, (left: number, right: number) => number>;

function mathNatives(): Record<string, Native> {
  const made: Record<string, Native> = {};
  for (const [name, apply] of Object.entries(unary)) {
    made[`${name}/0`] = (input, _args, run) => apply(expectNumber(input, run));
  }
  for (const [name, apply] of Object.entries(binary)) {
    made[`${name}/2`] = (_input, [left = null, right = null], run) =>
      apply(expectNumber(left, run), expectNumber(right, run));
  }
  return made;
}

/** Mathematics: the functions of C's library that jq offers. */
export const mathBuiltins: Builtins = natives({
  ...mathNatives(),
  'fma/3': (_input, [factor = null, other = null, summand = null], run) =>
    expectNumber(factor, run) * expectNumber(other, run) + expectNumber(summand, run),
  'frexp/0': (input, _args, run) => [...frexp(expectNumber(input, run))],
  'modf/0': (input, _args, run) => {
    const value = expectNumber(input, run);
    const whole = Math.trunc(value);
    return [Number.isFinite(value) ? value - whole : 0, whole];
  },
  'lgamma_r/0': (input, _args, run) => {
    const value = expectNumber(input, run);
    return [logGamma(value), value < 0 && Math.floor(value) % 2 !== 0 ? -1 : 1];
  },
  'isinfinite/0': (input, _args, run) => Math.abs(expectNumber(input, run)) === Infinity,
  'isnan/0': (input, _args, run) => Number.isNaN(expectNumber(input, run)),
  'isfinite/0': (input, _args, run) => Math.abs(expectNumber(input, run)) !== Infinity,
  'isnormal/0': (input, _args, run) => isNormal(expectNumber(input, run)),
});
