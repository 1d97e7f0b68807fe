import { isFloat } from '../../array.ts';
import type { ParameterInfo, VersionFact } from '../../catalogue.ts';
import { type Body, type Call, type FrameworkSymbol, floatInput } from '../../definition.ts';
import type { KernelBody } from '../../kernels/kernel.ts';
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
/** The axis that is reduced, or all of them. */
export const axisOrAll = parameterArgument({
  name: 'axis',
  kind: 'integer',
  default: null,
  description: 'the axis that is summed over: all of them unless given',
});
export const axis = (description: string): Argument =>
  parameterArgument({ name: 'axis', kind: 'integer', default: -1, description });
export const ignoreClass = parameterArgument({
  name: 'ignore_class',
  kind: 'integer',
  default: null,
  description: 'the label that counts nothing',
});
/** A number whose default Keras writes with a point. */
export const number = (name: string, value: number, description: string): Argument =>
  withDefault(
    parameterArgument({ name, kind: 'number', default: value, description }),
    Number.isInteger(value) ? value.toFixed(1) : String(value),
  );
export const labelSmoothing = number(
  'label_smoothing',
  0,
  'how much of y_true is spread evenly over the classes',
);
export const delta = number('delta', 1, 'where the parabola becomes a straight line');

export type KerasBackend = 'tensorflow' | 'torch' | 'jax';

/** Ours, not Keras': the backend that it is taken to run on. They differ for every symbol, at least in float64. */
const kerasBackend: ParameterInfo = {
  name: 'kerasBackend',
  kind: 'choice',
  choices: ['tensorflow', 'torch', 'jax'] satisfies KerasBackend[],
  default: 'tensorflow',
  description: 'the backend that Keras runs on: no argument, but KERAS_BACKEND',
};

export const backendOf = (call: Call): KerasBackend =>
  call.definition.parameters.includes(kerasBackend)
    ? call.option<KerasBackend>('kerasBackend')
    : 'tensorflow';

/** Only classes have a dtype. */
export const isFunction = (call: Call): boolean =>
  !call.definition.parameters.some(({ name }) => name === 'dtype');

/** Whether a function is given integers to predict with: it takes y_pred as it is, and casts y_true to the same. */
export function takesIntegers(call: Call): boolean {
  const { dtype, weak } = call.array('y_pred');
  return isFunction(call) && !weak && !isFloat(dtype);
}

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
  /** The class's own order, where it is not the options, then the reduction; and what follows its name. */
  readonly classOptions?: readonly Argument[];
  readonly afterName?: readonly Argument[];
  /** Whether `keras.metrics` has the function too. */
  readonly isMetric?: boolean;
  readonly name: string;
  readonly caveats: readonly string[];
  readonly versions?: readonly VersionFact[];
  readonly program: (call: Call) => Body | KernelBody;
  readonly curve: FrameworkSymbol['curve'];
}

const homes = ['keras.losses', 'tensorflow.keras.losses', 'tensorflow.losses', 'tf_keras.losses'];
const metrics = ['keras.metrics', 'tensorflow.keras.metrics', 'tf_keras.metrics'];

/** A Keras class and its function: one program. */
export function pair(declared: Pair): FrameworkSymbol[] {
  const shared = {
    framework: 'keras',
    loss: declared.loss,
    program: declared.program,
    curve: declared.curve,
    ...(declared.versions && { versions: declared.versions }),
    settings: [kerasBackend],
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
        ...(declared.afterName ?? []),
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
        ...(declared.isMetric === false ? [] : metrics.map((home) => `${home}.${declared.function}`)),
        ...(declared.aliases ?? []).flatMap((alias) =>
          [...homes.slice(1), ...metrics.slice(1)].map((home) => `${home}.${alias}`),
        ),
      ],
      call: [...declared.inputs, ...options],
      caveats: ['The function reduces the last axis only: one value a sample.', ...declared.caveats],
    }),
  ];
}
