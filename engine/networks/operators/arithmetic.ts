/** Operators of two or more arrays that are repeated to one shape; gradients are summed back over what was repeated. */
import { t } from '@vscode/l10n';
import { sizeOf } from '../../array.ts';
import { broadcastShape, repeated } from './indices.ts';
import { type Operator, type OperatorCall, written } from './operator.ts';

interface Pair {
  value(a: number, b: number): number;
  /** Derivative by the first, and by the second. */
  first(a: number, b: number, y: number): number;
  second(a: number, b: number, y: number): number;
}

function combined(call: OperatorCall): number[] {
  const shapes = call.inputs.map((_, i) => call.input(i).shape);
  return (
    broadcastShape(shapes) ??
    call.refuse(
      (node) => t`${node} is given shapes that do not fit.`,
      shapes.map(written).join(' and '),
      t('shapes that broadcast'),
    )
  );
}

const pair =
  ({ value, first, second }: Pair): Operator =>
  (call) => {
    const shape = combined(call);
    const size = sizeOf(shape);
    const [left, right] = [call.input(0), call.input(1)];
    const [placeA, placeB] = [repeated(left.shape, shape), repeated(right.shape, shape)];
    return {
      shape,
      integer: left.integer && right.integer,
      run([givenA, givenB]) {
        const [a, b] = [givenA!, givenB!];
        const y = new Float64Array(size);
        for (let i = 0; i < size; i++) y[i] = value(a[placeA ? placeA[i]! : i]!, b[placeB ? placeB[i]! : i]!);
        const back = (
          slope: Float64Array,
          own: Float64Array,
          place: Int32Array | undefined,
          by: Pair['first'],
        ): Float64Array => {
          const below = new Float64Array(own.length);
          for (let i = 0; i < size; i++) {
            const at = place ? place[i]! : i;
            below[at]! += slope[i]! * by(a[placeA ? placeA[i]! : i]!, b[placeB ? placeB[i]! : i]!, y[i]!);
          }
          return below;
        };
        return {
          output: y,
          back: (slope) => [
            call.varies(0) ? back(slope, a, placeA, first) : undefined,
            call.varies(1) ? back(slope, b, placeB, second) : undefined,
          ],
        };
      },
    };
  };

/** Of any number of arrays: `share` is the derivative of the output by one of them. */
const several =
  (
    value: (numbers: Float64Array) => number,
    share: (numbers: Float64Array, index: number, y: number) => number,
  ): Operator =>
  (call) => {
    const shape = combined(call);
    const size = sizeOf(shape);
    const places = call.inputs.map((_, i) => repeated(call.input(i).shape, shape));
    return {
      shape,
      integer: call.inputs.every((_, i) => call.input(i).integer),
      run(inputs) {
        const y = new Float64Array(size);
        const numbers = new Float64Array(inputs.length);
        const read = (i: number): void => {
          for (let k = 0; k < inputs.length; k++) numbers[k] = inputs[k]![places[k] ? places[k]![i]! : i]!;
        };
        for (let i = 0; i < size; i++) {
          read(i);
          y[i] = value(numbers);
        }
        return {
          output: y,
          back(slope) {
            const below = inputs.map((input, k) =>
              call.varies(k) ? new Float64Array(input!.length) : undefined,
            );
            for (let i = 0; i < size; i++) {
              read(i);
              below.forEach((own, k) => {
                if (own) own[places[k] ? places[k]![i]! : i]! += slope[i]! * share(numbers, k, y[i]!);
              });
            }
            return below;
          },
        };
      },
    };
  };

/** Equal ones share, as in torch. */
const shareOfEqual = (numbers: Float64Array, index: number, y: number): number => {
  if (numbers[index] !== y) return 0;
  let equal = 0;
  for (const number of numbers) if (number === y) equal++;
  return 1 / equal;
};

const sumOf = (numbers: Float64Array): number => numbers.reduce((sum, number) => sum + number, 0);

const divide = pair({
  value: (a, b) => a / b,
  first: (_, b) => 1 / b,
  second: (_, b, y) => -y / b,
});

/** Of whole numbers, the whole part. */
const divideWhole = pair({ value: (a, b) => Math.trunc(a / b), first: () => 0, second: () => 0 });

export const arithmetic: Readonly<Record<string, Operator>> = {
  Add: pair({ value: (a, b) => a + b, first: () => 1, second: () => 1 }),
  Div: (call) => (call.input(0).integer && call.input(1).integer ? divideWhole : divide)(call),
  Max: several((numbers) => Math.max(...numbers), shareOfEqual),
  Mean: several(
    (numbers) => sumOf(numbers) / numbers.length,
    (numbers) => 1 / numbers.length,
  ),
  Min: several((numbers) => Math.min(...numbers), shareOfEqual),
  Mul: pair({ value: (a, b) => a * b, first: (_, b) => b, second: (a) => a }),
  PRelu: pair({
    value: (a, b) => (a > 0 ? a : a * b),
    first: (a, b) => (a > 0 ? 1 : b),
    second: (a) => (a > 0 ? 0 : a),
  }),
  Pow: pair({
    value: (a, b) => a ** b,
    first: (a, b) => (b === 0 ? 0 : b * a ** (b - 1)),
    second: (a, b, y) => (a === 0 && b >= 0 ? 0 : y * Math.log(a)),
  }),
  Sub: pair({ value: (a, b) => a - b, first: () => 1, second: () => -1 }),
  Sum: several(sumOf, () => 1),
};
