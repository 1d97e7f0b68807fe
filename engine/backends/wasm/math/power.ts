/**
 * x^y = 2^(y log2 |x|), with the sign and the special cases of IEEE 754 (C, NumPy, PyTorch): x^0 and 1^y are 1 even
 * for NaN, (-1)^(+-infinity) is 1. (JavaScript's `**` differs in the last two.)
 *
 * y log2 |x| is up to 1075 where the result is finite, and its absolute error becomes the result's relative one, so
 * it needs eleven bits more than the format has. float32 lanes are widened to float64, two at a time; float64 lanes
 * carry the logarithm as an unevaluated sum high + low, whose first halves have so few bits (26) that their products
 * are exact.
 */
import { type Emitter, type Expression, type Lanes, Vectors } from './emitter.ts';
import { scaleByPower } from './exponential.ts';
import { split } from './logarithm.ts';

// The polynomials are minimax fits from test/golden/make_math_polynomials.py, all evaluated in float64.

/** 2 atanh(s) / (s ln 2) in s^2; relative error 2^-37.8. */
const log2Short = [
  2.8853900817900864, 0.9617966733417975, 0.5770835849651513, 0.4116727189977767, 0.34073010658534336,
];
/** (2^f - 1) / f for |f| <= 1/2; relative error 2^-28.9 of 2^f. */
const exp2Short = [
  0.6931472028785518, 0.24022647910347003, 0.05550332412037917, 0.00961843758432358, 0.0013398899707107814,
  0.00015353349474041557,
];
/** (3 atanh(s) / s - 3 - z) / z^2 in z = s^2; error 2^-66 of atanh(s). */
const log2Tail = [
  0.6000000000000338, 0.4285714285514894, 0.333333337799575, 0.2727267654457655, 0.23080136265105547,
  0.19885220641256432, 0.19794546459320989,
];
/** (2^f - 1) / f for |f| <= 1/2; relative error 2^-55 of 2^f. */
const exp2Long = [
  Math.LN2,
  0.2402265069591013,
  0.05550410866482008,
  0.009618129107594067,
  0.0013333558146775078,
  0.00015403530457185966,
  1.5252733492826888e-5,
  1.3215435242252164e-6,
  1.0178199639571643e-7,
  7.073790620683919e-9,
  4.43476959025079e-10,
];
/** 2 / (3 ln 2) in two parts, the first of 26 bits. */
const twoThirdsOfLog2e = { high: 0.9617966860532761, low: 7.872699542894897e-9 };

/**
 * |y| from here up gives 0, 1 or infinity in either format, as |log2 x| is 0 or at least 2^-53: larger ones are
 * brought down to it, so that no product overflows and infinity * log2(1) is 0.
 */
const largestExponent = 2 ** 65;

/** x^y. */
export function pow(e: Emitter, lanes: Lanes, x: string, y: string): string {
  const v = new Vectors(e, lanes);
  const [base, exponent] = [v.read(x), v.read(y)];
  const magnitude = v.keep(v.abs(base));
  const bound = v.number(largestExponent);
  const bounded = v.keep(v.pmax(v.pmin(exponent, bound), v.number(-largestExponent)));
  const regular = lanes === 'f32x4' ? single(e, v, magnitude, bounded) : double(v, magnitude, bounded);

  // |x| = 0 and |x| = infinity: infinity where y > 0 and x is not 0, or y < 0 and x is; else 0.
  const zero = v.keep(v.eq(magnitude, v.number(0)));
  const infinity = v.number(Infinity);
  const infinite = v.keep(v.eq(magnitude, infinity));
  const extreme = v.and(v.xor(v.gt(exponent, v.number(0)), zero), infinity);
  const unsigned = v.select(v.or(zero, infinite), extreme, regular);

  // Negative x: the sign of x where y is odd, NaN where x is finite and y not whole. Infinity and all large y are even.
  const half = v.keep(v.mul(exponent, v.number(0.5)));
  const whole = v.keep(v.eq(v.nearest(exponent), exponent));
  const odd = v.and(v.ne(v.nearest(half), half), whole);
  const signed = v.or(unsigned, v.and(v.and(base, v.signBit), odd));
  const undefinedRoot = v.andnot(v.lt(base, v.number(0)), v.or(whole, infinite));
  const unordered = v.or(v.ne(base, base), v.ne(exponent, exponent));
  const result = v.or(signed, v.or(undefinedRoot, unordered));

  const one = v.number(1);
  return v.store(v.select(v.or(v.eq(base, one), v.eq(exponent, v.number(0))), one, result));
}

/** For four float32 lanes, x positive and finite. Every float32 denormal is a normal float64, on either side. */
function single(e: Emitter, narrow: Vectors, x: Expression, y: Expression): Expression {
  const v = new Vectors(e, 'f64x2');
  const one = v.number(1);
  const pair = (base: Expression, exponent: Expression) => {
    const parts = split(v, v.keep(`(f64x2.promote_low_f32x4 ${base})`));
    const mantissa = v.keep(parts.mantissa);
    const s = v.keep(v.div(v.sub(mantissa, one), v.add(mantissa, one)));
    const z = v.keep(v.mul(s, s));
    const log2 = v.madd(s, v.polynomial(z, v.keep(v.mul(z, z)), log2Short), parts.k);
    const product = v.mul(`(f64x2.promote_low_f32x4 ${exponent})`, log2);
    // 2^-200 and 2^200 are 0 and infinity in float32.
    const bounded = v.keep(v.pmin(v.pmax(product, v.number(-200)), v.number(200)));
    const { power, fraction } = wholePart(v, bounded, v.format.exponentBias);
    const f = v.keep(fraction);
    const root = v.madd(f, v.polynomial(f, v.keep(v.mul(f, f)), exp2Short), one);
    return `(f32x4.demote_f64x2_zero ${v.mul(root, v.shiftLeft(power, v.format.fraction))})`;
  };
  const upper = (value: Expression) => narrow.keep(shuffle(value, value, 8));
  const low = narrow.keep(pair(x, y));
  return shuffle(low, narrow.keep(pair(upper(x), upper(y))), 16);
}

/** Eight bytes of `a` (the upper ones when `second` is 8, else the lower ones), then eight of `b` at `second`. */
function shuffle(a: Expression, b: Expression, second: number): Expression {
  const first = second === 8 ? 8 : 0;
  const bytes = [first, second].flatMap((start) => Array.from({ length: 8 }, (_, index) => start + index));
  return `(i8x16.shuffle ${bytes.join(' ')} ${a} ${b})`;
}

/** For two float64 lanes, x positive and finite. */
function double(v: Vectors, x: Expression, y: Expression): Expression {
  const { high, low } = log2InTwoParts(v, x);
  const yHigh = v.keep(leading(v, y));
  // 2^-1100 and 2^1100 are 0 and infinity; where that bound acts, the low part means nothing.
  const main = v.keep(v.mul(yHigh, high));
  const bounded = v.keep(v.pmin(v.pmax(main, v.number(-1100)), v.number(1100)));
  const rest = v.add(v.mul(v.sub(y, yHigh), high), v.mul(y, low));
  const { power, fraction } = wholePart(v, bounded, 2 * v.format.exponentBias);
  const sum = v.add(fraction, rest);
  const f = v.keep(v.pmin(v.pmax(sum, v.number(-1)), v.number(1)));
  const root = v.madd(f, v.polynomial(f, v.keep(v.mul(f, f)), exp2Long), v.number(1));
  return scaleByPower(v, v.keep(root), power);
}

/** t = n + fraction; `power` has n + offset in its lowest bits. */
function wholePart(v: Vectors, t: Expression, offset: number) {
  const shift = v.number(1.5 * 2 ** v.format.fraction + offset);
  const power = v.keep(v.add(t, shift));
  return { power, fraction: v.sub(t, v.sub(power, shift)) };
}

/** The leading 26 bits of a float64. */
function leading(v: Vectors, value: Expression): Expression {
  return v.and(value, v.bits(-1n << 27n));
}

/**
 * log2 x = high + low, `high` of 26 bits, to 2^-63 of its size. With s = (m - 1) / (m + 1) and z = s^2,
 * log m = 2/3 s (3 + z + z^2 T(z)).
 */
function log2InTwoParts(v: Vectors, x: Expression) {
  const lift = 54;
  const tiny = v.keep(v.lt(x, v.number(v.format.smallestNormal)));
  const lifted = v.and(tiny, v.bits(BigInt(lift) << BigInt(v.format.fraction)));
  const parts = split(v, v.keep(v.mul(x, v.addBits(lifted, v.number(1)))));
  const k = v.keep(v.sub(parts.k, v.and(tiny, v.number(lift))));
  const mantissa = v.keep(parts.mantissa);

  // s = sHigh + sLow, from the exact remainder of the division; m + 1 = sumHigh + sumLow exactly.
  const one = v.number(1);
  const difference = v.keep(v.sub(mantissa, one));
  const sum = v.keep(v.add(mantissa, one));
  const inverse = v.keep(v.div(one, sum));
  const s = v.keep(v.mul(difference, inverse));
  const sHigh = v.keep(leading(v, s));
  const sumHigh = v.keep(leading(v, sum));
  const sumLow = v.sub(mantissa, v.sub(sumHigh, one));
  const remainder = v.sub(v.sub(difference, v.mul(sHigh, sumHigh)), v.mul(sHigh, sumLow));
  const sLow = v.keep(v.mul(remainder, inverse));

  // 3 + z + z^2 T(z) = outerHigh + outerLow; sHigh^2 is exact.
  const z = v.keep(v.mul(s, s));
  const square = v.keep(v.mul(z, z));
  const exact = v.keep(v.mul(sHigh, sHigh));
  const small = v.keep(v.add(v.mul(square, v.polynomial(z, square, log2Tail)), v.mul(sLow, v.add(sHigh, s))));
  const three = v.number(3);
  const outerHigh = v.keep(leading(v, v.add(v.add(three, exact), small)));
  const outerLow = v.sub(small, v.sub(v.sub(outerHigh, three), exact));

  // Their product, then times 2/3 log2(e), then plus k.
  const main = v.keep(v.mul(sHigh, outerHigh));
  const rest = v.keep(v.add(v.mul(sLow, outerHigh), v.mul(outerLow, s)));
  const productHigh = v.keep(leading(v, v.add(main, rest)));
  const productLow = v.sub(rest, v.sub(productHigh, main));
  const { high: factorHigh, low: factorLow } = twoThirdsOfLog2e;
  const logHigh = v.keep(v.mul(productHigh, v.number(factorHigh)));
  const logLow = v.keep(
    v.add(v.mul(productHigh, v.number(factorLow)), v.mul(productLow, v.number(factorHigh + factorLow))),
  );
  const high = v.keep(leading(v, v.add(v.add(logHigh, logLow), k)));
  return { high, low: v.sub(logLow, v.sub(v.sub(high, k), logHigh)) };
}
