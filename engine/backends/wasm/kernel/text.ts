/** The text of a kernel's function as it is written, and what vectors of either width are asked for in it. */
import type { Reduce } from '../../../language/expression.ts';
import { type Emitter, hasMultiplyAdd, type Lanes } from '../math/emitter.ts';

export const get = (name: string): string => `(local.get ${name})`;
export const i32 = (value: number): string => `(i32.const ${value})`;

/** A number as WebAssembly text writes it. */
export function numeral(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/**
 * Locals are declared, and constants set, once for the whole function; lines go where `capture` puts them. Vectors are
 * named by their locals; scalars and addresses are text that leaves one on the stack.
 */
export class Text implements Emitter {
  readonly lanes: Lanes;
  /** How many numbers a vector has, and how many bytes one of them. */
  readonly count: number;
  readonly bytes: number;
  readonly multipliesAndAdds = hasMultiplyAdd;
  readonly #declarations: string[] = [];
  readonly #prologue: string[] = [];
  #lines: string[] = [];
  readonly #constants = new Map<string, string>();
  readonly #knownNumbers = new Map<string, number>();
  #next = 0;

  constructor(lanes: Lanes) {
    this.lanes = lanes;
    this.count = lanes === 'f32x4' ? 4 : 2;
    this.bytes = lanes === 'f32x4' ? 4 : 8;
  }

  // Emitter

  local(): string {
    return this.declare('v128');
  }

  emit(line: string): void {
    this.#lines.push(line);
  }

  constant(literal: string): string {
    const known = this.#constants.get(literal);
    if (known) return known;
    const local = this.declare('v128');
    this.before(`(local.set ${local} (v128.const ${literal}))`);
    this.#constants.set(literal, local);
    return local;
  }

  numberIn(local: string): number | undefined {
    return this.#knownNumbers.get(local);
  }

  // The function

  declare(type: 'v128' | 'i32' | 'f64'): string {
    const name = `$v${this.#next++}`;
    this.#declarations.push(`(local ${name} ${type})`);
    return name;
  }

  set(type: 'v128' | 'i32' | 'f64', value: string): string {
    const name = this.declare(type);
    this.emit(`(local.set ${name} ${value})`);
    return name;
  }

  label(): string {
    return `$l${this.#next++}`;
  }

  /** A line before all loops. */
  before(line: string): void {
    this.#prologue.push(line);
  }

  /** What the function begins with, once all else is written. */
  get beginning(): readonly string[] {
    return [...this.#declarations, ...this.#prologue];
  }

  /** The lines that `write` emits, kept apart. */
  capture(write: () => void): readonly string[] {
    const outside = this.#lines;
    this.#lines = [];
    write();
    const lines = this.#lines;
    this.#lines = outside;
    return lines;
  }

  // Vectors

  splatNumber(value: number): string {
    const rounded = this.lanes === 'f32x4' ? Math.fround(value) : value;
    const local = this.constant(`${this.lanes} ${Array(this.count).fill(numeral(rounded)).join(' ')}`);
    this.#knownNumbers.set(local, rounded);
    return local;
  }

  splatF64(scalar: string): string {
    return this.lanes === 'f32x4' ? `(f32x4.splat (f32.demote_f64 ${scalar}))` : `(f64x2.splat ${scalar})`;
  }

  splatInteger(integer: string): string {
    return this.lanes === 'f32x4'
      ? `(f32x4.splat (f32.convert_i32_s ${integer}))`
      : `(f64x2.splat (f64.convert_i32_s ${integer}))`;
  }

  zero(): string {
    return this.set('v128', get(this.constant('i64x2 0 0')));
  }

  zeros(count: number): string[] {
    return Array.from({ length: count }, () => this.zero());
  }

  lane0(vector: string): string {
    return `(${this.lanes}.extract_lane 0 ${get(vector)})`;
  }

  /** A number of a lane as float64. */
  widened(scalar: string): string {
    return this.lanes === 'f32x4' ? `(f64.promote_f32 ${scalar})` : scalar;
  }

  /** A vector's numbers as float64, two at a time. */
  halves(vector: string): string[] {
    return this.lanes === 'f32x4' ? [this.#low(vector), this.#high(vector)] : [get(vector)];
  }

  sumOfLanes(vector: string): string {
    return this.lanes === 'f32x4'
      ? this.#sumOfTwo(`(f64x2.add ${this.#low(vector)} ${this.#high(vector)})`)
      : this.#sumOfTwo(get(vector));
  }

  /** Of a vector's numbers in float64: a pair of vectors, of which float64 itself uses the first. */
  sumOfPair([low, high]: readonly [string, string]): string {
    return this.#sumOfTwo(this.lanes === 'f32x4' ? `(f64x2.add ${get(low)} ${get(high)})` : get(low));
  }

  addToPair([low, high]: readonly [string, string], value: string): void {
    if (this.lanes === 'f64x2') {
      this.emit(`(local.set ${low} (f64x2.add ${get(low)} ${get(value)}))`);
      return;
    }
    this.emit(`(local.set ${low} (f64x2.add ${get(low)} ${this.#low(value)}))`);
    this.emit(`(local.set ${high} (f64x2.add ${get(high)} ${this.#high(value)}))`);
  }

  narrowed([low, high]: readonly [string, string]): string {
    if (this.lanes === 'f64x2') return get(low);
    return `(i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (f32x4.demote_f64x2_zero ${get(low)}) (f32x4.demote_f64x2_zero ${get(high)}))`;
  }

  /** The largest or smallest lane, as float64. */
  acrossLanes({ reduction }: Reduce, vector: string): string {
    const kind = this.lanes.slice(0, 3);
    const lanes = Array.from(
      { length: this.count },
      (_, lane) => `(${this.lanes}.extract_lane ${lane} ${get(vector)})`,
    );
    return this.widened(lanes.reduce((a, b) => `(${kind}.${reduction} ${a} ${b})`));
  }

  #low(vector: string): string {
    return `(f64x2.promote_low_f32x4 ${get(vector)})`;
  }

  #high(vector: string): string {
    return `(f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 ${get(vector)} ${get(vector)}))`;
  }

  #sumOfTwo(vector: string): string {
    const pair = get(this.set('v128', vector));
    return `(f64.add (f64x2.extract_lane 0 ${pair}) (f64x2.extract_lane 1 ${pair}))`;
  }
}
