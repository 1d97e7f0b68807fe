/** Operators that take several numbers together along some axes. */
import { sizeOf } from '../../array.ts';
import { stridesOf, walk } from './indices.ts';
import type { Operator } from './operator.ts';

interface Sum {
  /** Of each number, what is added up; and of the sum over `count` numbers, the result. */
  term(x: number): number;
  finish(sum: number, count: number): number;
  /** Derivative of the result y by one number. */
  slope(x: number, y: number, count: number): number;
}

const reduce =
  ({ term, finish, slope }: Sum, axesFrom: number): Operator =>
  (call) => {
    const { shape, integer } = call.input(0);
    const given = call.opset < axesFrom ? undefined : call.axes(1, shape.length);
    const axes = given ?? call.numbers('axes')?.map((axis) => call.axis(axis, shape.length)) ?? [];
    const none = axes.length === 0;
    const reduced = shape.map((_, d) => (none ? !call.flag('noop_with_empty_axes') : axes.includes(d)));
    const kept = shape.map((extent, d) => (reduced[d] ? 1 : extent));
    const strides = stridesOf(kept).map((stride, d) => (reduced[d] ? 0 : stride));
    const size = sizeOf(kept);
    const count = sizeOf(shape) / size;
    // Where each number goes.
    const places = walk(shape, strides);
    return {
      shape: call.flag('keepdims', true) ? kept : kept.filter((_, d) => !reduced[d]),
      integer,
      run([givenX]) {
        const x = givenX!;
        const sums = new Float64Array(size);
        for (let i = 0; i < x.length; i++) sums[places[i]!]! += term(x[i]!);
        const output = sums.map((sum) => finish(sum, count));
        return {
          output,
          back: (above) => [x.map((own, i) => above[places[i]!]! * slope(own, output[places[i]!]!, count))],
        };
      },
    };
  };

const square = (x: number): number => x * x;
const same = (x: number): number => x;

/** The number is the opset since which the axes are an input. */
export const reduction: Readonly<Record<string, Operator>> = {
  ReduceL2: reduce({ term: square, finish: Math.sqrt, slope: (x, y) => (y === 0 ? 0 : x / y) }, 18),
  ReduceMean: reduce({ term: same, finish: (sum, n) => sum / n, slope: (_x, _y, n) => 1 / n }, 18),
  ReduceSum: reduce({ term: same, finish: same, slope: () => 1 }, 13),
  ReduceSumSquare: reduce({ term: square, finish: same, slope: (x) => 2 * x }, 18),
};
