/**
 * The exponential family. x = k ln 2 + r with |r| <= ln(2)/2 (Cody and Waite: ln 2 in two parts, the first so short
 * that k times it is exact), e^r = 1 + r + r^2 T(r), and 2^k is made from bits.
 */
import { type Emitter, type Expression, type Lanes, Vectors } from './emitter.ts';

interface Constants {
  /** T(r) = (e^r - 1 - r) / r^2, minimax relative to expm1(r), from test/golden/make_math_polynomials.py. */
  readonly tail: readonly number[];
  /** e^lowest is less than half the smallest denormal. */
  readonly lowest: number;
  /** e^highest overflows; k is then the format's largest exponent plus one. */
  readonly highest: number;
  /** expm1 rounds to -1 from here down. */
  readonly minusOneFrom: number;
}

const constants: Record<Lanes, Constants> = {
  // Bound of the polynomial: 2^-25.8 of expm1(r), 2^-27 of e^r.
  f32x4: {
    tail: [
      0.4999999701976776, 0.1666654348373413, 0.04166720062494278, 0.008366522379219532,
      0.0013882486382499337,
    ],
    lowest: -104,
    highest: 89,
    minusOneFrom: -20,
  },
  // Bound of the polynomial: 2^-54.7 of expm1(r), 2^-56 of e^r.
  f64x2: {
    tail: [
      0.5000000000000006, 0.16666666666666588, 0.041666666666576764, 0.008333333333389582,
      0.0013888888931563187, 0.00019841269718982676, 2.4801505275492946e-5, 2.7557407535944914e-6,
      2.762603728329747e-7, 2.5053784324343085e-8,
    ],
    lowest: -746,
    highest: 710,
    minusOneFrom: -40,
  },
};

interface Reduction {
  /** As bits: the sum k + offset is in the lowest bits, so that shifting it left gives an exponent field. */
  readonly power: Expression;
  readonly r: Expression;
  readonly square: Expression;
  /** T(r), evaluated as often as it is written. */
  readonly series: Expression;
}

/** Splits a finite x. Adding 1.5 * 2^fraction rounds to an integer and leaves it in the low bits at once. */
function reduce(v: Vectors, x: Expression, offset: number, tailScale = 1): Reduction {
  const { ln2High, ln2Low } = v.format;
  const shift = v.number(1.5 * 2 ** v.format.fraction + offset);
  const power = v.keep(v.madd(x, v.number(Math.LOG2E), shift));
  const k = v.keep(v.sub(power, shift));
  const r = v.keep(v.nmadd(k, v.number(ln2Low), v.nmadd(k, v.number(ln2High), x)));
  const coefficients = constants[v.lanes].tail.map((coefficient) => coefficient * tailScale);
  const square = v.keep(v.mul(r, r));
  return { power, r, square, series: v.polynomial(r, square, coefficients) };
}

/**
 * The value times 2^k, where `power` holds k + 2 * bias: two factors, so that neither overflows or underflows
 * before the result does, and the only rounding is the last one.
 */
export function scaleByPower(v: Vectors, value: Expression, power: Expression): Expression {
  const half = v.keep(v.shiftRight(power, 1));
  const first = v.shiftLeft(half, v.format.fraction);
  const second = v.shiftLeft(v.subBits(power, half), v.format.fraction);
  return v.mul(v.mul(value, first), second);
}

/** e^x. */
export function exp(e: Emitter, lanes: Lanes, x: string): string {
  const v = new Vectors(e, lanes);
  const { lowest, highest } = constants[lanes];
  const bounded = v.keep(v.pmin(v.pmax(v.read(x), v.number(lowest)), v.number(highest)));
  const { power, r, square, series } = reduce(v, bounded, 2 * v.format.exponentBias);
  return v.store(scaleByPower(v, v.keep(v.add(v.madd(square, series, r), v.number(1))), power));
}

/** e^-|x|: cheaper than `exp`, for one side of the range needs no care. */
export function expOfNegativeAbs(e: Emitter, lanes: Lanes, x: string): string {
  const v = new Vectors(e, lanes);
  // 2^(k + lift) is a normal number for every k that occurs; taking the lift back underflows gradually.
  const lift = (v.format.exponentBias + 1) / 2;
  const bounded = v.keep(v.pmax(v.or(v.read(x), v.signBit), v.number(constants[v.lanes].lowest)));
  const { power, r, square, series } = reduce(v, bounded, v.format.exponentBias + lift);
  const scale = v.shiftLeft(power, v.format.fraction);
  return v.store(v.mul(v.mul(v.add(v.madd(square, series, r), v.number(1)), scale), v.number(2 ** -lift)));
}

/** e^x - 1. */
export function expm1(e: Emitter, lanes: Lanes, x: string): string {
  const v = new Vectors(e, lanes);
  const { minusOneFrom, highest } = constants[lanes];
  const bounded = v.keep(v.pmin(v.pmax(v.read(x), v.number(minusOneFrom)), v.number(highest)));
  // With s = 2^(k-1): 2^k e^r - 1 = (2 r s + (s - 1/2)) + (s - 1/2) + 2 s r^2 T(r). Half of 2^k cannot overflow, 2 r
  // keeps denormals whole, and adding r before the tail is what keeps k = 1, r near -ln(2)/2 within 2 ulp.
  const { power, r, square, series } = reduce(v, bounded, v.format.exponentBias - 1, 2);
  const s = v.keep(v.shiftLeft(power, v.format.fraction));
  const rest = v.keep(v.sub(s, v.number(0.5)));
  const main = v.add(v.madd(v.add(r, r), s, rest), rest);
  const sum = v.madd(v.mul(square, series), s, main);
  // The sign is that of x, which the sum loses for -0.
  return v.store(v.or(sum, v.and(v.read(x), v.signBit)));
}

/** tanh x = -q / (q + 2) with q = expm1(-2 |x|), and the sign of x. */
export function tanh(e: Emitter, lanes: Lanes, x: string): string {
  const v = new Vectors(e, lanes);
  const negative = v.keep(v.or(v.read(x), v.signBit));
  const bounded = v.keep(v.pmax(v.add(negative, negative), v.number(constants[lanes].minusOneFrom)));
  const { power, r, square, series } = reduce(v, bounded, v.format.exponentBias);
  const s = v.keep(v.shiftLeft(power, v.format.fraction));
  const q = v.keep(v.madd(v.madd(square, series, r), s, v.sub(s, v.number(1))));
  const quotient = v.div(q, v.add(q, v.number(2)));
  return v.store(v.select(v.signBit, v.read(x), quotient));
}
