/**
 * What the mathematics needs from whoever writes the function around it.
 * Values are v128 locals; code is WebAssembly text, inline and without branches or calls.
 */
export interface Emitter {
  /** Declares a fresh v128 local and returns its name, `$…`. */
  local(): string;
  /** Appends one instruction, in the folded form `(local.set $t12 (f32x4.add …))`. */
  emit(line: string): void;
  /**
   * The name of a v128 local that holds `(v128.const ${literal})` wherever the emitted code runs; the same literal
   * gives the same local. It has to be set before the loop: V8 builds a constant anew at every use in place,
   * which halves the speed of a polynomial.
   */
  constant(literal: string): string;
  /** The number that a local has in every lane, where that is known. */
  numberIn(local: string): number | undefined;
  /** Whether to write `relaxed_madd`: one rounding and one instruction where the processor can, two where it cannot. */
  readonly multipliesAndAdds: boolean;
}

/** Whether this WebAssembly has `relaxed_madd`: asked with a function that does nothing else. */
export const hasMultiplyAdd = WebAssembly.validate(
  Uint8Array.of(
    ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0],
    ...[10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11],
  ),
);

export type Lanes = 'f32x4' | 'f64x2';

/** Text that leaves one v128 on the stack. It is evaluated as often as it is written: `keep` what is used twice. */
export type Expression = string;

/**
 * The larger or smaller of each lane, NaN where either is, of two v128 locals. Three instructions with a short wait from
 * the first operand on: the native `max` and `min` are about ten on x64, and a running maximum waits for all of them. One,
 * where the second is a number for certain.
 */
export function extremum(e: Emitter, lanes: Lanes, which: 'max' | 'min', a: string, b: string): Expression {
  const ordered = `(${lanes}.p${which} (local.get ${a}) (local.get ${b}))`;
  return Number.isNaN(e.numberIn(b) ?? Number.NaN)
    ? `(v128.or ${ordered} (${lanes}.ne (local.get ${b}) (local.get ${b})))`
    : ordered;
}

/** The two formats, by the numbers that the algorithms need. */
interface Format {
  readonly integers: 'i32x4' | 'i64x2';
  /** Bits of the fraction. */
  readonly fraction: number;
  readonly exponentBias: number;
  readonly largest: number;
  readonly smallestNormal: number;
  /** ln 2 = high + low; `high` has at least as many trailing zero bits as the largest exponent has bits. */
  readonly ln2High: number;
  readonly ln2Low: number;
}

const formats: Record<Lanes, Format> = {
  f32x4: {
    integers: 'i32x4',
    fraction: 23,
    exponentBias: 127,
    largest: (2 - 2 ** -23) * 2 ** 127,
    smallestNormal: 2 ** -126,
    ln2High: 0.693145751953125,
    ln2Low: 1.4286068203094173e-6,
  },
  f64x2: {
    integers: 'i64x2',
    fraction: 52,
    exponentBias: 1023,
    largest: Number.MAX_VALUE,
    smallestNormal: 2 ** -1022,
    ln2High: 0.6931471805598903,
    ln2Low: 5.497923018708371e-14,
  },
};

/**
 * Writes expressions over the lanes of one format. Comparisons give masks of all ones or all zeros; an all-ones
 * lane read as a number is NaN, which `log` and `pow` make use of.
 */
export class Vectors {
  readonly lanes: Lanes;
  readonly format: Format;
  readonly #emitter: Emitter;

  constructor(emitter: Emitter, lanes: Lanes) {
    this.#emitter = emitter;
    this.lanes = lanes;
    this.format = formats[lanes];
  }

  /** Stores a value in a local of its own and returns the local's name. */
  store(value: Expression): string {
    const name = this.#emitter.local();
    this.#emitter.emit(`(local.set ${name} ${value})`);
    return name;
  }

  /** Stores a value and returns the expression that reads it. */
  keep(value: Expression): Expression {
    return this.read(this.store(value));
  }

  read(name: string): Expression {
    return `(local.get ${name})`;
  }

  /** The same number in every lane, rounded to the format. */
  number(value: number): Expression {
    return this.bits(this.patternOf(value));
  }

  /** The same bit pattern in every lane. */
  bits(pattern: bigint): Expression {
    const width = this.format.integers === 'i32x4' ? 32 : 64;
    const text = `0x${BigInt.asUintN(width, pattern).toString(16)}`;
    const lanes = Array<string>(width === 32 ? 4 : 2).fill(text);
    return this.read(this.#emitter.constant(`${this.format.integers} ${lanes.join(' ')}`));
  }

  /** The bit pattern of a number in this format. */
  patternOf(value: number): bigint {
    const view = new DataView(new ArrayBuffer(8));
    if (this.lanes === 'f32x4') {
      view.setFloat32(0, value);
      return BigInt(view.getUint32(0));
    }
    view.setFloat64(0, value);
    return view.getBigUint64(0);
  }

  get signBit(): Expression {
    return this.number(-0);
  }

  // Arithmetic.
  add = (a: Expression, b: Expression) => `(${this.lanes}.add ${a} ${b})`;
  sub = (a: Expression, b: Expression) => `(${this.lanes}.sub ${a} ${b})`;
  mul = (a: Expression, b: Expression) => `(${this.lanes}.mul ${a} ${b})`;
  /** a b + c */
  madd = (a: Expression, b: Expression, c: Expression) =>
    this.#emitter.multipliesAndAdds
      ? `(${this.lanes}.relaxed_madd ${a} ${b} ${c})`
      : this.add(this.mul(a, b), c);
  /** c - a b */
  nmadd = (a: Expression, b: Expression, c: Expression) =>
    this.#emitter.multipliesAndAdds
      ? `(${this.lanes}.relaxed_nmadd ${a} ${b} ${c})`
      : this.sub(c, this.mul(a, b));
  div = (a: Expression, b: Expression) => `(${this.lanes}.div ${a} ${b})`;
  abs = (a: Expression) => `(${this.lanes}.abs ${a})`;
  nearest = (a: Expression) => `(${this.lanes}.nearest ${a})`;
  /** The smaller; `a` where either is NaN. One instruction on x64, unlike `min`. */
  pmin = (a: Expression, b: Expression) => `(${this.lanes}.pmin ${a} ${b})`;
  /** The larger; `a` where either is NaN. */
  pmax = (a: Expression, b: Expression) => `(${this.lanes}.pmax ${a} ${b})`;

  // Comparisons and bits.
  lt = (a: Expression, b: Expression) => `(${this.lanes}.lt ${a} ${b})`;
  gt = (a: Expression, b: Expression) => `(${this.lanes}.gt ${a} ${b})`;
  eq = (a: Expression, b: Expression) => `(${this.lanes}.eq ${a} ${b})`;
  ne = (a: Expression, b: Expression) => `(${this.lanes}.ne ${a} ${b})`;
  and = (a: Expression, b: Expression) => `(v128.and ${a} ${b})`;
  /** `a` where `b` has no bit. */
  andnot = (a: Expression, b: Expression) => `(v128.andnot ${a} ${b})`;
  or = (a: Expression, b: Expression) => `(v128.or ${a} ${b})`;
  xor = (a: Expression, b: Expression) => `(v128.xor ${a} ${b})`;
  select = (mask: Expression, a: Expression, b: Expression) => `(v128.bitselect ${a} ${b} ${mask})`;

  // The lanes as integers.
  addBits = (a: Expression, b: Expression) => `(${this.format.integers}.add ${a} ${b})`;
  subBits = (a: Expression, b: Expression) => `(${this.format.integers}.sub ${a} ${b})`;
  shiftLeft = (a: Expression, count: number) => `(${this.format.integers}.shl ${a} (i32.const ${count}))`;
  shiftRight = (a: Expression, count: number) => `(${this.format.integers}.shr_u ${a} (i32.const ${count}))`;

  /**
   * A polynomial, coefficients from the constant term upwards, by Horner's rule over x^2 on pairs c + d x: as many
   * operations as over x, half the latency, which is what limits a loop whose body fills the reorder buffer.
   */
  polynomial(x: Expression, square: Expression, coefficients: readonly number[]): Expression {
    const pairs: Expression[] = [];
    for (let i = 0; i < coefficients.length; i += 2) {
      const constant = this.number(coefficients[i]!);
      const linear = coefficients[i + 1];
      pairs.push(linear === undefined ? constant : this.madd(this.number(linear), x, constant));
    }
    return pairs.reduceRight((inner, pair) => this.madd(inner, square, pair));
  }
}
