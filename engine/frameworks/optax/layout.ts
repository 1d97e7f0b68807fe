/** JAX's broadcasting, axes and masks, as places in the space. */
import { t } from '@vscode/l10n';
import { type Call, describe } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import {
  type Dims,
  type Expr,
  equal,
  exp,
  type Input,
  less,
  log,
  logSoftmax,
  max,
  maxOver,
  notEqual,
  stop,
  sub,
  sum,
  where,
  withGradient,
} from '../../language/expression.ts';
import { broadcast, broadcastShape, sameShape } from '../../layout.ts';

/** Arrays as JAX broadcasts them, silently; said here. */
export function broadcastSilently(call: Call, names: readonly [string, ...string[]]): Input[] {
  const nodes = broadcast(call, names);
  if (names.some((name) => !sameShape(call.shape(name), call.shape(names[0])))) {
    const shapes = names.map((name) => `${name} [${call.shape(name).join(', ')}]`);
    call.warn(
      'broadcast',
      t`optax broadcasts silently: ${shapes.join(', ')} are compared as [${call.space.sizes.join(', ')}].`,
    );
  }
  return nodes;
}

/**
 * The dimension of the space that `axis` means in an array of `rank`, which lies along the space's last ones; all of them
 * for none.
 * @throws LossLensError `parameter` when there is no such axis.
 */
export function dimsOfAxis(call: Call, axis: number | null, rank: number): Dims {
  const total = call.space.sizes.length;
  if (axis === null) return call.space.all;
  const own = axis < 0 ? axis + rank : axis;
  if (own < 0 || own >= rank) {
    throw new LossLensError('parameter', t('There is no such axis.'), {
      found: t`axis ${axis} of ${rank} dimensions`,
      expected: rank === 0 ? t('an array with dimensions') : t`an axis from ${-rank} to ${rank - 1}`,
    });
  }
  return 1 << (total - rank + own);
}

export interface Laid {
  readonly nodes: Input[];
  /** What the loss sums over. */
  readonly over: Dims;
  /** The `axis` within each array alone: an extent of 1 that is repeated is none of its dimensions. */
  within(name: string): Dims;
  readonly mask: Expr | undefined;
}

/**
 * What a mask of another rank than the first array means: itself, broadcast; the rest of a class axis, which it is given;
 * nothing that works.
 */
type OtherRank = 'broadcast' | 'gets-axis' | 'refused';

/** Arrays that are compared element by element, and the axis and mask that the sum is over. */
export function alongAxis(
  call: Call,
  names: readonly [string, ...string[]],
  maskOfOtherRank: OtherRank = 'broadcast',
): Laid {
  const nodes = broadcastSilently(call, names);
  const hasAxis = call.definition.parameters.some((info) => info.name === 'axis');
  const axis = hasAxis ? call.option<number | null>('axis') : -1;
  return {
    nodes,
    over: dimsOfAxis(call, axis, call.space.sizes.length),
    within: (name) => dimsOfAxis(call, axis, call.shape(name).length),
    mask: call.has('where') ? placeMask(call, axis, call.shape(names[0]).length, maskOfOtherRank) : undefined,
  };
}

export function placeMask(call: Call, axis: number | null, rank: number, otherRank: OtherRank): Expr {
  const shape = call.shape('where');
  const sizes = call.space.sizes;
  // Where each of the mask's dimensions stands once it has been given the axis.
  const at = [...shape.keys()];
  const seen = [...shape];
  const differs = shape.length !== rank;
  if (differs && otherRank === 'gets-axis' && axis !== null) {
    const place = axis < 0 ? axis + shape.length + 1 : axis;
    seen.splice(place, 0, 1);
    at.forEach((d, i) => {
      if (d >= place) at[i] = d + 1;
    });
  }
  const together = broadcastShape(seen, sizes);
  const works = otherRank === 'broadcast' || !differs || (otherRank === 'gets-axis' && axis !== null);
  if (!works || !together || !sameShape(together, sizes)) {
    throw new LossLensError(
      'shape-mismatch',
      t('`where` is broadcast to the other arrays and may not enlarge them.'),
      {
        found: `where ${describe(call.array('where'))}`,
        expected: t`a shape that broadcasts to [${sizes.join(', ')}]`,
      },
    );
  }
  const offset = sizes.length - seen.length;
  const places = at.map((d, i) => (shape[i] === 1 && sizes[offset + d] !== 1 ? -1 : offset + d));
  return notEqual(call.place('where', places), 0);
}

/**
 * Σ x over the dimensions that x has of `over`, of what the mask counts. What it leaves out still meets a gradient of 0,
 * so an infinity there gives NaN, as it does in JAX.
 */
export function sumWhere(x: Expr, over: Dims, mask: Expr | undefined): Expr {
  const counted = mask ? where(mask, x, 0, { shields: false }) : x;
  return sum(counted, over & counted.dims);
}

/** log softmax of what the mask counts; −∞ for the rest. */
export function logSoftmaxWhere(x: Expr, over: Dims, mask: Expr | undefined): Expr {
  if (!mask) return logSoftmax(x, over & x.dims);
  const counted = where(mask, x, Number.NEGATIVE_INFINITY);
  const along = over & counted.dims;
  const shifted = sub(counted, stop(maxOver(counted, along)));
  const total = sum(where(mask, exp(shifted), 0), along);
  return where(mask, sub(shifted, log(total)), Number.NEGATIVE_INFINITY);
}

/** max(x, 0), of whose gradient half arrives at 0. A gradient of 0 meets what x is made of: 0·∞ is NaN there. */
export const positivePart = (x: Expr): Expr =>
  withGradient(max(x, 0, { tie: 0.5 }), [[x, where(less(0, x), 1, where(equal(x, 0), 0.5, 0))]]);

/** Says which labels are no classes, where the library does not. */
export function warnOfLabels(call: Call, first: number, count: number, happens: string): void {
  const { data } = call.array('labels');
  let outside = 0;
  for (let i = 0; i < data.length; i++) if (!(data[i]! >= first && data[i]! < count)) outside++;
  if (outside > 0)
    call.warn('labels', t`${outside} of ${data.length} labels are none of the ${count} classes: ${happens}`);
}
