import type { ParameterInfo } from '../../catalogue.ts';
import { type Body, type Call, type FrameworkSymbol, floatInput } from '../../definition.ts';
import {
  type Argument,
  declare,
  ignoredArgument,
  inputArgument,
  parameterArgument,
  withDefault,
} from '../symbol.ts';

export const yTrue = (description: string, kind: 'float' | 'any' = 'float'): Argument =>
  inputArgument({ name: 'y_true', kind, optional: false, description });
export const yPred = (description: string): Argument => inputArgument(floatInput('y_pred', description));
const sampleWeight = inputArgument(
  floatInput('sample_weight', 'a weight for each sample, or for each unreduced value', true),
);

export const reduction = parameterArgument({
  name: 'reduction',
  kind: 'choice',
  choices: ['sum_over_batch_size', 'sum', 'mean', 'mean_with_sample_weight', 'none', null],
  default: 'sum_over_batch_size',
  description: 'how the values of the samples become one number',
});
const dtype = parameterArgument({
  name: 'dtype',
  kind: 'choice',
  choices: [null, 'float32', 'float64'],
  default: null,
  description: 'what everything is cast to first: float32, unless given',
});
export const fromLogits = parameterArgument({
  name: 'from_logits',
  kind: 'boolean',
  default: false,
  description: 'whether y_pred holds logits, not probabilities',
});
export const labelSmoothing = withDefault(
  parameterArgument({
    name: 'label_smoothing',
    kind: 'number',
    default: 0,
    description: 'how much of y_true is spread evenly over the classes',
  }),
  '0.0',
);
export const axis = (description: string): Argument =>
  parameterArgument({ name: 'axis', kind: 'integer', default: -1, description });
export const ignoreClass = parameterArgument({
  name: 'ignore_class',
  kind: 'integer',
  default: null,
  description: 'the label that counts nothing',
});
const deltaInfo: ParameterInfo = {
  name: 'delta',
  kind: 'number',
  default: 1,
  description: 'where the parabola becomes a straight line',
};
export const delta = withDefault(parameterArgument(deltaInfo), '1.0');

export const regressionInputs: readonly [Argument, Argument] = [
  yTrue('true values, any shape'),
  yPred('predicted values, same shape'),
];

export const squeezeCaveat =
  'A last axis of 1 is squeezed or added where the ranks differ by one: `[N, 1]` against `[N]` is what it looks like.';
export const clipCaveat =
  'Probabilities are clipped to [1e-7, 1 − 1e-7]: in float32 the loss of one element is at most 16.118.';

interface Pair {
  readonly class: string;
  readonly function: string;
  /** Other names of the function that `tf.keras` still has. */
  readonly aliases?: readonly string[];
  readonly loss: string;
  readonly inputs: readonly [Argument, Argument];
  readonly options?: readonly Argument[];
  /** The class's own order, where it is not the options, then the reduction. */
  readonly classOptions?: readonly Argument[];
  readonly name: string;
  readonly caveats: readonly string[];
  readonly program: (call: Call) => Body;
  readonly curve: FrameworkSymbol['curve'];
}

const homes = ['keras.losses', 'tensorflow.keras.losses', 'tensorflow.losses', 'tf_keras.losses'];

/** A Keras class and its function: one program. */
export function pair(declared: Pair): FrameworkSymbol[] {
  const shared = {
    framework: 'keras',
    loss: declared.loss,
    program: declared.program,
    curve: declared.curve,
  } as const;
  const options = declared.options ?? [];
  return [
    declare({
      ...shared,
      name: `keras.losses.${declared.class}`,
      paths: homes.map((home) => `${home}.${declared.class}`),
      constructor_: [
        ...(declared.classOptions ?? [...options, reduction]),
        ignoredArgument('name', `'${declared.name}'`),
        dtype,
      ],
      call: [...declared.inputs, sampleWeight],
      caveats: [
        ...declared.caveats,
        'The mean divides by the number of values, even where `sample_weight` does not add up to it.',
        'Everything is cast to float32 first, unless `dtype` says otherwise.',
      ],
    }),
    declare({
      ...shared,
      name: `keras.losses.${declared.function}`,
      paths: [
        ...homes.map((home) => `${home}.${declared.function}`),
        ...['keras.metrics', 'tensorflow.keras.metrics', 'tf_keras.metrics'].map(
          (home) => `${home}.${declared.function}`,
        ),
        ...(declared.aliases ?? []).flatMap((alias) => homes.slice(1).map((home) => `${home}.${alias}`)),
      ],
      call: [...declared.inputs, ...options],
      caveats: ['The function reduces the last axis only: one value a sample.', ...declared.caveats],
    }),
  ];
}
