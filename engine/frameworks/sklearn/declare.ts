/** How scikit-learn's metrics are declared, and what they check before they compute. */
import { t } from '@vscode/l10n';
import { isFloat, type NdArray } from '../../array.ts';
import {
  type Body,
  type Call,
  describe,
  type FrameworkSymbol,
  floatInput,
  type Rows,
} from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import type { Parameters } from '../../evaluation.ts';
import type { Input } from '../../language/expression.ts';
import { requireValues } from '../../layout.ts';
import { type Argument, type Declaration, declare, inputArgument } from '../symbol.ts';

export const array = (name: string, description: string): Argument =>
  inputArgument(floatInput(name, description));

export const anyArray = (name: string, description: string, optional = false): Argument =>
  inputArgument({ name, kind: 'any', optional, description });

export const keywordOnly = (argument: Argument): Argument => ({
  ...argument,
  argument: { ...argument.argument, keywordOnly: true },
});

export const sampleWeight = keywordOnly(
  inputArgument(floatInput('sample_weight', 'a weight for each sample, [N]', true)),
);

interface Metric extends Omit<Declaration, 'name' | 'paths' | 'framework' | 'constructor_'> {
  readonly function: string;
}

export const metric = ({ function: name, ...rest }: Metric): FrameworkSymbol =>
  declare({
    ...rest,
    name: `sklearn.metrics.${name}`,
    paths: [`sklearn.metrics.${name}`],
    framework: 'sklearn',
    caveats: [...rest.caveats, 'The targets come first, and the mean divides by the sum of the weights.'],
  });

export function mismatch(
  call: Call,
  names: readonly string[],
  sentence: string,
  expected: string,
): LossLensError {
  return new LossLensError('shape-mismatch', sentence, {
    found: names.map((name) => `${name} ${describe(call.array(name))}`).join(', '),
    expected,
  });
}

/** What the arrays are computed in together: float32 only where every floating one is. Lists and integers become float64. */
export function dtypeOf(arrays: readonly (NdArray | undefined)[]): Pick<Body, 'dtype'> {
  const floats = arrays.filter((given) => given && isFloat(given.dtype) && !given.weak);
  return {
    dtype: floats.length > 0 && floats.every((given) => given!.dtype !== 'float64') ? 'float32' : 'float64',
  };
}

/** @throws LossLensError `domain` where one holds NaN or infinity. */
export function requireFinite(call: Call, names: readonly string[]): void {
  for (const name of names) {
    if (!call.has(name)) continue;
    requireValues(
      call,
      name,
      Number.isFinite,
      'domain',
      t('scikit-learn takes finite numbers only.'),
      t('finite numbers'),
    );
  }
}

/** @throws LossLensError `shape-mismatch` unless each has one entry, or one row, for each of at least one sample. */
export function requireSamples(call: Call, names: readonly string[]): number {
  const shapes = names.filter((name) => call.has(name)).map((name) => call.shape(name));
  const count = shapes[0]![0];
  if (count === undefined || count === 0 || shapes.some((shape) => shape[0] !== count || shape.length > 2)) {
    throw mismatch(
      call,
      names.filter((name) => call.has(name)),
      t('Every array has the same number of samples, at least one, along its first axis.'),
      '[N], or [N, outputs]',
    );
  }
  return count;
}

/**
 * The sample weights, if given, along the first dimension of the space.
 * @throws LossLensError `shape-mismatch`, or `domain` where nothing can be divided by their sum.
 */
export function placeWeights(call: Call, { summed = false } = {}): Input | undefined {
  if (!call.has('sample_weight')) return undefined;
  const weights = call.array('sample_weight');
  if (weights.shape.length !== 1) {
    throw mismatch(call, ['sample_weight'], t('Sample weights are one number a sample.'), '[N]');
  }
  let [total, some] = [0, false];
  for (let i = 0; i < weights.data.length; i++) {
    total += Number(weights.data[i]);
    some ||= Number(weights.data[i]) !== 0;
  }
  if (!some || (total === 0 && !summed)) {
    throw new LossLensError('domain', t('The mean divides by the sum of the weights, which is 0.'), {
      found: some ? t('weights that cancel') : t('weights of 0 only'),
      expected: t('weights with a sum other than 0'),
    });
  }
  return call.place('sample_weight', [0]);
}

/** A curve of a mean: each element's own gradient is as many times that of the mean as there are elements. */
export const ofMean =
  (curve: FrameworkSymbol['curve'], parameters: Parameters = {}): FrameworkSymbol['curve'] =>
  (given) => {
    const { series, points, ...spec } = curve(given);
    const counted = (rows: Rows): Rows => ({
      ...rows,
      factor: (row) => rows.count * (rows.factor?.(row) ?? 1),
    });
    return {
      ...spec,
      parameters,
      series: series.map(({ label, rows }) => ({ label, rows: (x) => counted(rows(x)) })),
      ...(points && {
        points(inputs) {
          const own = points(inputs);
          return own && { ...own, x: (i) => own.x(i), rows: (indices) => counted(own.rows(indices)) };
        },
      }),
    };
  };
