/**
 * The logarithms. x = 2^k m with m in [sqrt(1/2), sqrt(2)), f = m - 1, s = f / (2 + f), and with z = s^2
 * log m = 2 atanh s = 2 s + s z T(z) = f - s (f - z T(z)), the last form losing least, as f is exact.
 */
import { type Emitter, type Expression, type Lanes, Vectors } from './emitter.ts';

interface Constants {
  /** T(z) = (2 atanh(s) - 2 s) / s^3 for m in [sqrt(1/2), sqrt(2)], from test/golden/make_math_polynomials.py. */
  readonly nearOne: readonly number[];
  /** The same for 1 + f in [1, 2]. */
  readonly upToTwo: readonly number[];
  /** A power of two that makes every denormal normal. */
  readonly lift: number;
}

const constants: Record<Lanes, Constants> = {
  // Bounds of the polynomials, relative to log m: 2^-30.2 and 2^-27.5.
  f32x4: {
    nearOne: [0.6666677594184875, 0.3997756838798523, 0.2987106442451477],
    upToTwo: [0.666664183139801, 0.4002153277397156, 0.2800168991088867, 0.28012609481811523],
    lift: 23,
  },
  // 2^-59.2 and 2^-58.8.
  f64x2: {
    nearOne: [
      0.6666666666666734, 0.39999999999415997, 0.2857142874211469, 0.22222198599456613, 0.18183563041900663,
      0.15314081481424935, 0.147956583819088,
    ],
    upToTwo: [
      0.6666666666666631, 0.4000000000015527, 0.28571428548097144, 0.22222223955022666, 0.18181744428082294,
      0.15386549527005652, 0.13301105912441652, 0.12105071427341686, 0.08344401717589632, 0.17010842158960082,
    ],
    lift: 54,
  },
};

/** `from` less s (f - z T(z)), which is f - log(1 + f). */
function lessShortfall(
  v: Vectors,
  from: Expression,
  f: Expression,
  coefficients: readonly number[],
): Expression {
  const s = v.keep(v.div(f, v.add(f, v.number(2))));
  const z = v.keep(v.mul(s, s));
  const inner = v.nmadd(z, v.polynomial(z, v.keep(v.mul(z, z)), coefficients), f);
  return v.nmadd(s, inner, from);
}

function logarithm(v: Vectors, k: Expression, f: Expression): Expression {
  const { ln2High, ln2Low } = v.format;
  const small = lessShortfall(v, v.mul(k, v.number(ln2Low)), f, constants[v.lanes].nearOne);
  return v.madd(k, v.number(ln2High), v.add(f, small));
}

interface Split {
  /** The exponent k, as a number. */
  readonly k: Expression;
  /** k in the exponent field, over the format's `exponentOffset` in that field. */
  readonly field: Expression;
  /** The bits of m. */
  readonly mantissa: Expression;
}

/**
 * Splits a positive normal number, given as bits. Subtracting the bits of sqrt(1/2) makes the exponent field count
 * from there instead of from 1; 64-bit lanes have no arithmetic shift worth using and keep the bias.
 */
export function split(v: Vectors, bits: Expression): Split {
  const { fraction } = v.format;
  const fractionMask = v.bits((1n << BigInt(fraction)) - 1n);
  const start = v.patternOf(Math.SQRT1_2);
  const offset = exponentOffset(v) << BigInt(fraction);
  const moved = v.keep(v.addBits(bits, v.bits(offset - start)));
  return {
    k: exponentAsNumber(v, moved),
    field: v.andnot(moved, fractionMask),
    mantissa: v.addBits(v.and(moved, fractionMask), v.bits(start)),
  };
}

function exponentOffset(v: Vectors): bigint {
  return v.lanes === 'f32x4' ? 0n : BigInt(v.format.exponentBias);
}

function exponentAsNumber(v: Vectors, moved: Expression): Expression {
  if (v.lanes === 'f32x4') return `(f32x4.convert_i32x4_s (i32x4.shr_s ${moved} (i32.const 23)))`;
  // An integer n < 2^52 put into the fraction of 2^52 is the number 2^52 + n.
  const biased = v.or(v.shiftRight(moved, 52), v.number(2 ** 52));
  return v.sub(biased, v.number(2 ** 52 + v.format.exponentBias));
}

/**
 * +infinity for +infinity, NaN for NaN, 0 for every other number: added to the result for the finite part of x.
 */
function nonFinitePart(v: Vectors, x: Expression): Expression {
  const largest = v.number(v.format.largest);
  return v.sub(v.pmax(x, largest), largest);
}

/** NaN below the pole, -infinity at it, 0 above. */
function polePart(v: Vectors, x: Expression, pole: number): Expression {
  const at = v.and(v.eq(x, v.number(pole)), v.number(-Infinity));
  return v.or(v.lt(x, v.number(pole)), at);
}

/** log x. */
export function log(e: Emitter, lanes: Lanes, x: string): string {
  const v = new Vectors(e, lanes);
  const value = v.read(x);
  const { fraction } = v.format;
  const { lift } = constants[lanes];
  const tiny = v.keep(v.lt(value, v.number(v.format.smallestNormal)));
  // `lift` in the exponent field where x is denormal, else 0: added to the bits of 1 it is the factor.
  const lifted = v.keep(v.and(tiny, v.bits(BigInt(lift) << BigInt(fraction))));
  const normal = v.mul(value, v.addBits(lifted, v.number(1)));
  let result: Expression;
  if (lanes === 'f32x4') {
    const { k, mantissa } = split(v, v.subBits(normal, lifted));
    result = logarithm(v, v.keep(k), v.keep(v.sub(mantissa, v.number(1))));
  } else {
    const { k, mantissa } = split(v, normal);
    const lowered = v.sub(k, v.and(tiny, v.number(lift)));
    result = logarithm(v, v.keep(lowered), v.keep(v.sub(mantissa, v.number(1))));
  }
  return v.store(v.add(result, v.add(nonFinitePart(v, value), polePart(v, value, 0))));
}

/**
 * log(1 + x). k is that of the rounded u = 1 + x, but f = (1 + x) 2^-k - 1 = x 2^-k + (2^-k - 1) is computed from x
 * itself, and is exact or far below the rounding of k ln 2; no correction term, no second division.
 */
export function log1p(e: Emitter, lanes: Lanes, x: string): string {
  const v = new Vectors(e, lanes);
  const value = v.read(x);
  const { fraction, exponentBias } = v.format;
  const bounded = v.keep(v.pmin(value, v.number(v.format.largest)));
  const { k, field } = split(v, v.add(bounded, v.number(1)));
  // 2^-k is denormal for the largest x: it is made 2^lift too large, then lowered.
  const lift = (exponentBias + 1) / 2;
  const offset = exponentOffset(v) + BigInt(exponentBias + lift);
  const inverse = v.mul(v.subBits(v.bits(offset << BigInt(fraction)), field), v.number(2 ** -lift));
  const scale = v.keep(inverse);
  const f = v.keep(v.madd(bounded, scale, v.sub(scale, v.number(1))));
  const finite = logarithm(v, v.keep(k), f);
  const result = v.add(finite, v.add(nonFinitePart(v, value), polePart(v, value, -1)));
  // The sign is that of x, which the sum loses for -0.
  return v.store(v.or(result, v.and(value, v.signBit)));
}

/** log(1 + x) for x in [0, 1] (and NaN), as the tails of softplus want it: k is 0, nothing can overflow. */
export function log1pOfUnit(e: Emitter, lanes: Lanes, x: string): string {
  const v = new Vectors(e, lanes);
  return v.store(lessShortfall(v, v.read(x), v.read(x), constants[lanes].upToTwo));
}
