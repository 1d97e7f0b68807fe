/** Keras' rules for shapes that differ, and where y_true, y_pred and the sample weights then lie. */
import { t } from '@vscode/l10n';
import { cast } from '../../array.ts';
import { type Call, describe } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import type { Dims, Input } from '../../language/expression.ts';
import { Space } from '../../language/space.ts';
import { broadcastShape, sameShape } from '../../layout.ts';
import { backendOf, takesIntegers } from './declare.ts';

/** A dimension of an array as Keras sees it: its size, and which of the array's own it is (none: added by Keras). */
export interface Extent {
  readonly size: number;
  readonly own?: number;
}

export const extents = (shape: readonly number[]): Extent[] => shape.map((size, own) => ({ size, own }));
export const sizes = (list: readonly Extent[]): number[] => list.map(({ size }) => size);

/**
 * Keras' rule for ranks that differ by one where the longer ends in an axis of 1: a 1-D partner gets that axis too, any
 * other lets the longer lose it.
 */
export function squeezeOrExpand(a: Extent[], b: Extent[]): [Extent[], Extent[]] {
  if (a.length === b.length + 1 && a.at(-1)!.size === 1) {
    return b.length === 1 ? [a, [...b, { size: 1 }]] : [a.slice(0, -1), b];
  }
  if (b.length === a.length + 1 && b.at(-1)!.size === 1) {
    const [second, first] = squeezeOrExpand(b, a);
    return [first, second];
  }
  return [a, b];
}

/** The axes that Keras reduces of an array of this rank. */
function axesOf(axis: number | null, rank: number): number[] {
  if (axis === null) return Array.from({ length: rank }, (_, d) => d);
  if (axis < -rank || axis >= rank) {
    throw new LossLensError('parameter', t`An array of ${rank} dimensions has no axis ${axis}.`, {
      found: `axis=${axis}`,
      expected: t`a number from ${-rank} to ${rank - 1}`,
    });
  }
  return [(axis + rank) % rank];
}

function mismatch(call: Call, sentence: string): LossLensError {
  return new LossLensError('shape-mismatch', sentence, {
    found: `y_true ${describe(call.array('y_true'))}, y_pred ${describe(call.array('y_pred'))}`,
    expected: t('two equal shapes'),
  });
}

/** y_true as whole numbers. */
const asLabels = (call: Call): Int32Array => cast(call.array('y_true').data, 'int32');

export interface Placed {
  readonly truth: Input;
  readonly prediction: Input;
  readonly weight: Input | undefined;
  /** The axis that the function reduces, or all of them. */
  readonly classes: Dims;
  /** The same axis as each of the two counts it for itself, where they are broadcast against each other. */
  readonly ofTruth: Dims;
  readonly ofPrediction: Dims;
  /** How long that axis is before it is reduced. */
  readonly width: number;
  readonly lastOfTruth: number;
  readonly lastOfPrediction: number;
}

interface Layout {
  /** What the function does where the two shapes differ: refuse, or broadcast as NumPy does. */
  readonly differing: 'refuse' | 'broadcast';
  /** Whether the function itself squeezes a last axis of 1; classes always do. */
  readonly squeezes: boolean;
  /** What the function reduces: the last axis unless given; null for all of them. */
  readonly axis?: number | null;
  /**
   * y_true has no class axis. `one-hot`: it gets one as its last axis, and is then broadcast; `index`: it has the shape
   * of y_pred without the class axis, or that with a last axis of 1.
   */
  readonly labels?: 'index' | 'one-hot';
}

/**
 * Lays y_true, y_pred and the sample weights out. The weights meet the values that remain when the class axis is gone, by
 * the same squeezing and by NumPy's broadcasting, which may give the values more axes than the samples have.
 */
export function place(call: Call, layout: Layout): Placed {
  const isClass = call.definition.parameters.some((parameter) => parameter.name === 'reduction');
  let [truth, prediction] = [extents(call.shape('y_true')), extents(call.shape('y_pred'))];
  const asked = layout.axis ?? (layout.axis === null ? null : -1);
  // torch lets the last axis of a scalar be reduced, though there is none.
  const isScalar = prediction.length === 0 && truth.length === 0 && backendOf(call) === 'torch';
  const axis = isScalar && (asked === -1 || asked === 0) ? null : asked;
  /** The axis that labels lack. */
  const classAt = axis === null || axis >= 0 ? (axis ?? 0) : axis + prediction.length;
  const without = <T>(list: readonly T[]): T[] => list.filter((_, d) => d !== classAt);
  if (layout.labels === 'index') {
    if (truth.length === prediction.length && truth[classAt]?.size === 1) truth = without(truth);
  } else if (layout.squeezes || isClass) {
    [truth, prediction] = squeezeOrExpand(truth, prediction);
  }
  if (prediction.length === 0 && axis !== null) {
    throw mismatch(call, t('Keras reduces the last axis, and a scalar has none.'));
  }
  let whole: Extent[];
  if (layout.labels === 'index') {
    if (!sameShape(sizes(truth), sizes(without(prediction)))) {
      throw mismatch(call, t('Labels have the shape of y_pred without its class axis.'));
    }
    whole = prediction;
  } else {
    const compared = layout.labels ? [...sizes(truth), prediction.at(-1)!.size] : sizes(truth);
    if (layout.differing === 'refuse' && !sameShape(compared, sizes(prediction))) {
      throw mismatch(call, t('Keras wants y_true and y_pred of one shape here.'));
    }
    const shape = broadcastShape(compared, sizes(prediction));
    if (!shape) throw mismatch(call, t('Keras cannot broadcast these shapes together.'));
    if (!sameShape(compared, sizes(prediction))) {
      call.warn(
        'broadcast',
        t`Keras broadcasts silently: y_true [${compared.join(', ')}] and y_pred [${sizes(prediction).join(', ')}] are compared as [${shape.join(', ')}].`,
      );
    }
    whole = extents(shape);
  }
  const reduced = axesOf(axis, whole.length);
  let values = whole.map(({ size }, own) => ({ size, own })).filter(({ own }) => !reduced.includes(own));
  let weight: Extent[] = [];
  if (call.has('sample_weight')) {
    weight = extents(call.shape('sample_weight'));
    [weight, values] = squeezeOrExpand(weight, values) as [Extent[], { size: number; own: number }[]];
  }
  const result = broadcastShape(sizes(weight), sizes(values));
  if (!result) {
    throw new LossLensError('shape-mismatch', t('The sample weights do not fit the values of the samples.'), {
      found: `sample_weight ${describe(call.array('sample_weight'))}, values [${sizes(values).join(', ')}]`,
      expected: t`[${sizes(values).join(', ')}], or a shape that broadcasts to it`,
    });
  }

  // The space: axes that only the weights have, then y_pred's own with the class axis in its place, then one that was added.
  const dimensions: { axis: string; size: number }[] = [];
  const ofWhole = new Array<number>(whole.length);
  const ofResult: number[] = [];
  const offset = result.length - values.length;
  result.forEach((size, i) => {
    const own = values[i - offset]?.own;
    if (own !== undefined) {
      addReducedBefore(own);
      ofWhole[own] = dimensions.length;
    }
    ofResult.push(dimensions.length);
    dimensions.push({ axis: 'batch', size });
  });
  addReducedBefore(whole.length);
  call.space = new Space(dimensions);

  function addReducedBefore(own: number): void {
    for (const d of reduced) {
      if (d >= own || ofWhole[d] !== undefined) continue;
      ofWhole[d] = dimensions.length;
      dimensions.push({ axis: 'class', size: whole[d]!.size });
    }
  }

  const ownAxes = (list: readonly Extent[]): Dims =>
    axesOf(axis, list.length).reduce((dims, own) => {
      const d = ofWhole[whole.length - list.length + own];
      return d !== undefined && list[own]!.size === dimensions[d]!.size ? dims | (1 << d) : dims;
    }, 0);

  const put = (
    name: string,
    list: readonly Extent[],
    along: readonly number[],
    data = call.array(name),
  ): Input => {
    const at = new Array<number>(call.shape(name).length).fill(-1);
    list.forEach(({ size, own }, i) => {
      // A batch of one, whose axis was squeezed to fit a weight that is a number, has no dimension.
      const d = along[along.length - list.length + i];
      if (own !== undefined && d !== undefined && !(size === 1 && dimensions[d]!.size !== 1)) at[own] = d;
    });
    return call.place(name, at, data);
  };
  return {
    prediction: put('y_pred', prediction, ofWhole),
    truth: layout.labels
      ? put('y_true', truth, layout.labels === 'index' ? without(ofWhole) : ofWhole.slice(0, -1), {
          ...call.array('y_true'),
          data: asLabels(call),
        })
      : put(
          'y_true',
          truth,
          ofWhole,
          takesIntegers(call) ? { ...call.array('y_true'), data: asLabels(call) } : call.array('y_true'),
        ),
    weight: call.has('sample_weight') ? put('sample_weight', weight, ofResult) : undefined,
    classes: call.space.axis('class'),
    ofTruth: layout.labels ? 0 : ownAxes(truth),
    ofPrediction: ownAxes(prediction),
    width: reduced.reduce((width, d) => width * whole[d]!.size, 1),
    lastOfTruth: truth.at(-1)?.size ?? 1,
    lastOfPrediction: prediction.at(-1)?.size ?? 1,
  };
}
