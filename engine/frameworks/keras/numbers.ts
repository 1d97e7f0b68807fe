/** What Keras computes in, how it clips, and how the values of the samples become one number. */
import { t } from '@vscode/l10n';
import { type Body, type Call, describe } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import type { Reduction } from '../../evaluation.ts';
import { constant, type Dims, type Expr, mean, mul, sum } from '../../language/expression.ts';
import { sameShape } from '../../layout.ts';
import { noNan } from '../tensorflow/operations.ts';
import { within } from './backends.ts';
import { backendOf, isFunction, type KerasBackend, takesIntegers } from './declare.ts';
import { place } from './shapes.ts';

/**
 * What the symbol computes in: a class casts to its dtype, a function takes that of y_pred; JAX has float32 alone. (On
 * torch Keras rounds float64 to float32 on its way: that is left out here.)
 */
export function dtypeOf(call: Call): 'float32' | 'float64' {
  if (backendOf(call) === 'jax') return 'float32';
  if (!isFunction(call)) return call.option<'float64' | null>('dtype') ?? 'float32';
  const prediction = call.array('y_pred');
  return prediction.dtype === 'float64' && !prediction.weak ? 'float64' : 'float32';
}

/** @throws LossLensError `dtype` where a function is given integers, unless its backend is among those that take them. */
export function requireFloatPrediction(call: Call, taking: readonly KerasBackend[] = []): void {
  if (taking.includes(backendOf(call))) return;
  if (takesIntegers(call)) {
    throw new LossLensError(
      'dtype',
      t`${call.definition.name} does not compute with integers; the class casts them.`,
      {
        found: `y_pred ${describe(call.array('y_pred'))}`,
        expected: t('float32 or float64'),
      },
    );
  }
}

/** Keras' 10⁻⁷ in the dtype that it computes in. */
export const epsilonOf = (call: Call): number => (dtypeOf(call) === 'float32' ? Math.fround(1e-7) : 1e-7);

interface Bounds {
  readonly top?: number;
  /** Whether Keras clips by its own `ops.clip`, which on torch makes float32 numbers of the bounds. */
  readonly byOps?: true;
}

/** From 10⁻⁷ to what is left of 1 above it, in the dtype that Keras computes in. */
export function clipped(call: Call, x: Expr, { top, byOps }: Bounds = {}): Expr {
  const single = dtypeOf(call) === 'float32' || (byOps && backendOf(call) === 'torch');
  const epsilon = single ? Math.fround(1e-7) : 1e-7;
  const high = single ? Math.fround(1 - epsilon) : 1 - epsilon;
  return within(call, x, epsilon, top ?? high);
}

/** The class's reduction of the weighted values, or the function's values as they are. */
export function reduced(call: Call, values: Expr, weight: Expr | undefined, valid?: Expr): Body {
  if (weight && valid) requireWholeWeights(call, weight, valid);
  const elements = weight ? mul(values, weight) : values;
  const body = { elements, dtype: dtypeOf(call) };
  if (!call.definition.parameters.some((parameter) => parameter.name === 'reduction')) {
    return { ...body, reduction: 'none' };
  }
  const shape = call.space.shape(elements.dims);
  const chosen = call.option<string | null>('reduction');
  // Keras returns a single value and an empty batch as they are, whatever the reduction.
  if (chosen === null || chosen === 'none' || shape.length === 0 || sameShape(shape, [0])) {
    return { ...body, reduction: 'none' };
  }
  if (chosen === 'sum') return { ...body, reduction: 'sum' };
  const mean: { reduction: Reduction } = { reduction: 'mean' };
  if (chosen === 'mean_with_sample_weight' && (weight || valid)) {
    const counted = weight && valid ? mul(weight, valid) : (weight ?? valid)!;
    return { ...body, ...mean, denominator: noNan(sum(counted, counted.dims)) };
  }
  if (valid) return { ...body, ...mean, denominator: noNan(sum(valid, elements.dims)) };
  return { ...body, ...mean, ...(shape.includes(0) && { denominator: noNan(constant(0)) }) };
}

/** @throws LossLensError `shape-mismatch` where torch would multiply weights by a mask in place, and the product is larger. */
function requireWholeWeights(call: Call, weight: Expr, valid: Expr): void {
  const missing = valid.dims & ~weight.dims;
  if (
    backendOf(call) !== 'torch' ||
    call.space.sizes.every((size, d) => size === 1 || !(missing & (1 << d)))
  ) {
    return;
  }
  throw new LossLensError(
    'shape-mismatch',
    t('On the torch backend weights are multiplied in place by what counts, and cannot be broadcast.'),
    {
      found: `sample_weight ${describe(call.array('sample_weight'))}`,
      expected: `[${call.space.shape(valid.dims).join(', ')}]`,
    },
  );
}

/** A loss that compares element by element and takes the mean (or the sum) of the last axis. */
export function overLastAxis(
  termOf: (call: Call, prediction: Expr, truth: Expr) => Expr,
  options: {
    squeezes: boolean;
    /** Whether integer predictions run; or on which backends. */
    integers?: true | readonly KerasBackend[];
    over?: (terms: Expr, classes: Dims) => Expr;
  },
) {
  return (call: Call): Body => {
    if (options.integers !== true) requireFloatPrediction(call, options.integers);
    const { prediction, truth, weight, classes } = place(call, {
      differing: 'broadcast',
      squeezes: options.squeezes,
    });
    const terms = termOf(call, prediction, truth);
    return reduced(call, (options.over ?? mean)(terms, classes), weight);
  };
}
