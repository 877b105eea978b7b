import type { Json } from '../../json.ts';
import type { Run } from '../runtime.ts';
import { describe, raise } from '../values.ts';
import { besselJ, besselY } from '../mathematics/bessel.ts';
import { erf, erfc } from '../mathematics/error-function.ts';
import {
  frexp,
  fusedMultiplyAdd,
  ieeeRemainder,
  isNormal,
  nextAfter,
  roundAway,
  roundEven,
  scale,
} from '../mathematics/floating-point.ts';
import { gamma, gammaSign, logGamma } from '../mathematics/gamma.ts';
import { natives } from './define.ts';
import type { Builtins, Native } from './define.ts';

function expectNumber(value: Json, run: Run): number {
  return typeof value === 'number' ? value : raise(`${describe(value, run)} number required`);
}

/** C's conversion to an `int`, which WebAssembly's jq does by cutting. */
function toOrder(value: number): number {
  return Number.isNaN(value) ? 0 : Math.trunc(Math.max(-(2 ** 31), Math.min(value, 2 ** 31 - 1)));
}

/** C's powers: those of 1, and the infinite ones of -1, are 1. */
function power(base: number, exponent: number): number {
  return base === 1 || (base === -1 && Math.abs(exponent) === Infinity) ? 1 : base ** exponent;
}

/** `scalb`, the one of the family that refuses an exponent with a fraction. */
function scaleByWhole(value: number, exponent: number): number {
  if (Math.abs(exponent) === Infinity) return exponent > 0 ? value * exponent : value / -exponent;
  return Number.isInteger(exponent) ? scale(value, exponent) : Number.NaN;
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
  erf,
  erfc,
  exp: Math.exp,
  exp10: (value: number) => 10 ** value,
  exp2: (value: number) => 2 ** value,
  expm1: Math.expm1,
  fabs: Math.abs,
  floor: Math.floor,
  gamma: logGamma,
  j0: (value: number) => besselJ(0, value),
  j1: (value: number) => besselJ(1, value),
  lgamma: logGamma,
  log: Math.log,
  log10: Math.log10,
  log1p: Math.log1p,
  log2: Math.log2,
  logb: (value: number) =>
    value === 0 ? -Infinity : Number.isFinite(value) ? frexp(value)[1] - 1 : Math.abs(value),
  nearbyint: roundEven,
  rint: roundEven,
  round: roundAway,
  significand: (value: number) => (value === 0 || !Number.isFinite(value) ? value : frexp(value)[0] * 2),
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
  tgamma: gamma,
  trunc: Math.trunc,
  y0: (value: number) => besselY(0, value),
  y1: (value: number) => besselY(1, value),
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
  pow: power,
  remainder: ieeeRemainder,
  scalb: scaleByWhole,
  scalbln: scale,
} satisfies Record<string, (left: number, right: number) => number>;

function bessel(apply: (order: number, value: number) => number, order: Json, value: Json, run: Run): number {
  const n = toOrder(expectNumber(order, run));
  const x = expectNumber(value, run);
  // The work grows with the order, as far as the value is not yet zero or infinite, which is soon beyond |x|.
  run.tick(1 + Math.min(Math.abs(n), Math.abs(x) || 0));
  return apply(n, x);
}

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
    fusedMultiplyAdd(expectNumber(factor, run), expectNumber(other, run), expectNumber(summand, run)),
  'frexp/0': (input, _args, run) => [...frexp(expectNumber(input, run))],
  'jn/2': (_input, [order = null, value = null], run) => bessel(besselJ, order, value, run),
  'yn/2': (_input, [order = null, value = null], run) => bessel(besselY, order, value, run),
  'modf/0': (input, _args, run) => {
    const value = expectNumber(input, run);
    const whole = Math.trunc(value);
    // C gives both parts the sign of the whole, zeros included.
    const fraction = Math.abs(value) === Infinity || value === whole ? 0 : Math.abs(value - whole);
    return [value < 0 || Object.is(value, -0) ? -fraction : fraction, whole];
  },
  'lgamma_r/0': (input, _args, run) => {
    const value = expectNumber(input, run);
    return [logGamma(value), gammaSign(value)];
  },
  'isinfinite/0': (input) => typeof input === 'number' && Math.abs(input) === Infinity,
  'isnan/0': (input) => Number.isNaN(input),
  'isfinite/0': (input) => typeof input === 'number' && Math.abs(input) !== Infinity,
  'isnormal/0': (input) => typeof input === 'number' && isNormal(input),
});
