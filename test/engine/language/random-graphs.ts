/**
 * Random losses over random spaces, for the property tests of the language and of the backends. Numbers are multiples of
 * 1/8, and whatever jumps or bends (comparisons, maxima, signs) is applied to those alone: float32 and float64 then take the
 * same branches, and differ by rounding only.
 */

import fc from 'fast-check';
import { cast, type DType } from '../../../engine/array.ts';
import * as x from '../../../engine/language/expression.ts';
import type { PlacedArray } from '../../../engine/language/space.ts';
import { countOf, Space, stridesOf } from '../../../engine/language/space.ts';
import type { TestLoss } from './graphs.ts';

/** Choices, each a number below its bound; the first option where they have run out, so that shrinking makes things simpler. */
class Choices {
  readonly #tape: readonly number[];
  #next = 0;

  constructor(tape: readonly number[]) {
    this.#tape = tape;
  }

  below(bound: number): number {
    return bound > 0 ? (this.#tape[this.#next++] ?? 0) % bound : 0;
  }

  of<T>(options: readonly T[]): T {
    return options[this.below(options.length)]!;
  }

  /** Each bit of `mask` kept or not. */
  subset(mask: number): number {
    return mask & this.below(32);
  }
}

/** Every length of the last, partial vector, and both sides of a chunk. */
const lengths = [3, 2, 5, 17, 1, 3, 4, 1023, 1024, 1025, 5000, 0, 7, 17, 3];

const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
const floats: readonly DType[] = ['float32', 'float64'];
const dtypes: readonly DType[] = ['float32', 'float64', 'int32', 'int64', 'uint8', 'bool'];

class Builder {
  readonly choices: Choices;
  readonly space: Space;
  readonly #special: boolean;
  readonly #stops: boolean;
  readonly arrays: Record<string, PlacedArray> = {};
  readonly floats: x.Input[] = [];
  readonly labels: { node: x.Input; along: number }[] = [];

  constructor(tape: readonly number[], most: number, { special, empty, stops }: Required<RandomOptions>) {
    this.#special = special;
    this.#stops = stops;
    const allowed = empty ? lengths : lengths.filter((length) => length > 0);
    this.choices = new Choices(tape);
    const rank = this.choices.of([2, 1, 3, 2, 3, 4, 5, 0, 2, 1]);
    const sizes: number[] = [];
    for (let d = 0; d < rank; d++) {
      const count = sizes.reduce((a, b) => a * Math.max(1, b), 1);
      sizes.push(this.choices.of(allowed.filter((length) => count * length <= most)));
    }
    this.space = new Space(sizes.map((size) => ({ axis: 'batch', size })));
    const count = 1 + this.choices.below(3);
    for (let i = 0; i < count; i++) this.floats.push(this.#floatInput(`x${i}`, i === 0));
  }

  get #sizes(): readonly number[] {
    return this.space.sizes;
  }

  /** An array over some dimensions, in order or transposed, repeated along the others. */
  #place(name: string, dims: number, value: (i: number) => number, dtype: DType): x.Input {
    const at = this.#sizes.map((_size, d) => d).filter((d) => dims & (1 << d));
    if (this.choices.below(4) === 3) at.reverse();
    const shape = at.map((d) => this.#sizes[d]!);
    const data = cast(
      Float64Array.from({ length: countOf(dims, this.#sizes) }, (_, i) => value(i)),
      dtype,
    );
    this.arrays[name] = { data, strides: stridesOf(shape, at, this.#sizes.length) };
    return x.input(name, dims);
  }

  #floatInput(name: string, whole: boolean): x.Input {
    const seed = this.choices.below(1000);
    const special = this.#special && this.choices.below(3) === 1 ? this.choices.of(specials) : undefined;
    const dims = whole ? this.space.all : this.space.all & ~this.choices.subset(this.space.all);
    return this.#place(
      name,
      dims,
      (i) =>
        special !== undefined && i % 5 === 1 ? special : (Math.imul(i + seed + 1, 0x9e3779b1) >>> 27) / 8 - 2,
      this.choices.of(special === undefined ? dtypes : floats),
    );
  }

  /** Class numbers along a dimension; some are outside. */
  #label(): { node: x.Input; along: number } {
    const known = this.labels[this.choices.below(3)];
    if (known) return known;
    const d = this.choices.below(this.#sizes.length);
    const along = 1 << d;
    const dims = this.space.all & ~along & ~this.choices.subset(this.space.all);
    const classes = this.#sizes[d]!;
    const outside = this.choices.below(2);
    const node = this.#place(
      `label${this.labels.length}`,
      dims,
      (i) => ((Math.imul(i + 1, 0x85ebca6b) >>> 8) % (classes + outside)) - (i % 7 === 3 ? outside : 0),
      this.choices.of(['int64', 'int32', 'float64'] as const),
    );
    const label = { node, along };
    this.labels.push(label);
    return label;
  }

  #dims(of: x.Dims): x.Dims {
    return this.choices.subset(of) || of;
  }

  exact(depth: number): x.Expr {
    const kind = depth <= 0 ? this.choices.below(2) : this.choices.below(6);
    switch (kind) {
      case 1:
        return x.constant(this.choices.of([0, 1, -1, 0.5, 0.75, -2]));
      case 2:
        return x.sub(this.exact(depth - 1), this.exact(depth - 1));
      case 3:
        return x.add(this.exact(depth - 1), this.exact(depth - 1));
      case 4:
        return x.neg(this.exact(depth - 1));
      case 5:
        return x.mul(this.choices.of([2, 0.5, -1]), this.exact(depth - 1));
      default:
        return this.choices.of(this.floats);
    }
  }

  truth(depth: number): x.Expr {
    const both = (): [x.Expr, x.Expr] => [this.exact(depth - 1), this.exact(depth - 1)];
    switch (this.choices.below(8)) {
      case 1:
        return x.lessEqual(...both());
      case 2:
        return x.equal(...both());
      case 3:
        return x.notEqual(...both());
      case 4:
        return x.and(this.truth(depth - 1), this.truth(depth - 1));
      case 5:
        return x.or(this.truth(depth - 1), this.truth(depth - 1));
      case 6: {
        if (this.#sizes.length === 0) break;
        const d = this.choices.below(this.#sizes.length);
        return x.less(x.index(1 << d), Math.floor(this.#sizes[d]! / 2));
      }
      case 7: {
        if (this.#sizes.length === 0) break;
        const { node, along } = this.#label();
        return this.choices.of([x.inside(node, along), x.equal(x.index(along), node)]);
      }
    }
    return x.less(...both());
  }

  smooth(depth: number): x.Expr {
    if (depth <= 0) return this.exact(1);
    const next = (): x.Expr => this.smooth(depth - 1);
    const exact = (): x.Expr => this.exact(depth - 1);
    const positive = (): x.Expr => x.add(1.5, x.tanh(next()));
    const kink = this.choices.of([0, 1, 0.5]);
    switch (this.choices.below(40)) {
      case 0:
        return x.square(exact());
      case 1:
        return x.mul(next(), next());
      case 2:
        return x.add(next(), next());
      case 3:
        return x.sub(next(), next());
      case 4:
        return x.div(next(), x.add(1, x.square(next())));
      case 5:
        return x.tanh(next());
      case 6:
        return x.sigmoid(next());
      case 7:
        return x.softplus(next());
      case 8:
        return x.log1p(x.square(next()));
      case 9:
        return x.exp(x.neg(x.abs(exact())));
      case 10:
        return x.sqrt(x.add(1, x.square(next())));
      case 11:
        return x.expm1(x.tanh(next()));
      case 12:
        return x.log(positive());
      case 13:
        return x.pow(positive(), this.choices.of([2, 0.5, 1, x.uniform('p')]));
      case 14:
        return x.where(this.truth(depth - 1), next(), next());
      case 15:
        return this.choices.of([x.abs, x.sign])(exact());
      case 16:
        return x.max(exact(), exact(), { tie: kink });
      case 17:
        return x.min(exact(), exact(), { tie: kink });
      case 18:
        return x.clamp(exact(), -1, 0.5, { atBounds: kink });
      case 19:
        return x.xlogy(x.square(exact()), positive());
      case 20:
        return x.xlog1py(x.square(exact()), positive());
      case 21:
      case 22:
      case 32:
      case 33: {
        const value = next();
        return x.mean(value, this.#dims(value.dims));
      }
      case 23: {
        const value = next();
        return x.div(x.sum(value, this.#dims(this.space.all)), x.extent(this.space.all));
      }
      case 24: {
        const value = exact();
        return this.choices.of([x.maxOver, x.minOver])(value, this.#dims(value.dims));
      }
      case 25:
      case 34: {
        const value = next();
        return x.logSumExp(value, this.#dims(value.dims));
      }
      case 26:
      case 35:
      case 36: {
        const value = next();
        return x.logSoftmax(value, this.#dims(value.dims));
      }
      case 27:
      case 37: {
        if (this.#sizes.length === 0) return exact();
        const { node, along } = this.#label();
        return x.pick(this.choices.of([exact(), x.tanh(exact())]), node, along);
      }
      case 28:
        return x.mul(x.uniform('u'), next());
      case 29:
        return this.#stops ? x.stop(next()) : next();
      default:
        return x.mul(exact(), next());
    }
  }
}

export interface RandomOptions {
  /** Inputs may hold NaN or an infinity here and there. */
  readonly special?: boolean;
  /** Dimensions may be empty. */
  readonly empty?: boolean;
  /** Gradients may be stopped on their way, so that they are not those of the value. */
  readonly stops?: boolean;
}

/** A loss over at most about `most` positions. */
export const randomLosses = (
  most: number,
  { special = false, empty = true, stops = true }: RandomOptions = {},
): fc.Arbitrary<TestLoss> =>
  fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 90, size: 'max' }).map((tape) => {
    const builder = new Builder(tape, most, { special, empty, stops });
    const { choices } = builder;
    const uniforms = { u: choices.of([0.7, 1, -1.3]), p: choices.of([1.5, 2, 3]) };
    const weighted = choices.below(3) === 2;
    const elements = builder.smooth(4);
    const weight = weighted ? x.where(builder.truth(2), x.square(builder.exact(1)), 0.5) : undefined;
    return {
      sizes: builder.space.sizes,
      arrays: builder.arrays,
      uniforms,
      elements,
      weight,
      inputs: builder.floats,
    };
  });
