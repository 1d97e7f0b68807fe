/** The arguments that torch's losses take. */
import type { InputInfo, ParameterInfo } from '../../catalogue.ts';
import { floatInput } from '../../definition.ts';
import { type Argument, inputArgument, parameterArgument, withDefault } from '../symbol.ts';

export const choices = ['none', 'mean', 'sum', 'elementwise_mean'];
/** Of the losses that are written in Python: they never knew the old name of the mean. */
export const plainChoices = ['none', 'mean', 'sum'];

export const reduction = (options: readonly string[] = choices): Argument =>
  parameterArgument({
    name: 'reduction',
    kind: 'choice',
    choices: options,
    default: 'mean',
    description: 'how the elements become one number',
  });

const deprecated = (name: string): Argument =>
  parameterArgument({ name, kind: 'boolean', default: null, description: 'deprecated: use `reduction`' });

export const sizeAverage = deprecated('size_average');
export const reduce = deprecated('reduce');

export const number = (info: Omit<ParameterInfo, 'kind' | 'default'> & { default: number }): Argument =>
  withDefault(parameterArgument({ kind: 'number', ...info }), info.default.toFixed(1));

export const optional = (name: string, description: string): Argument =>
  inputArgument(floatInput(name, description, true));

export const delta = number({
  name: 'delta',
  default: 1,
  above: 0,
  description: 'where the parabola becomes a straight line',
});
export const beta = number({
  name: 'beta',
  default: 1,
  minimum: 0,
  description: 'where the parabola becomes a straight line',
});
export const labelSmoothing = number({
  name: 'label_smoothing',
  default: 0,
  maximum: 1,
  description: 'how much of the target is spread evenly over the classes',
});
export const ignoreIndex = parameterArgument({
  name: 'ignore_index',
  kind: 'integer',
  default: -100,
  description: 'the label that counts nothing, in the sum and in the denominator',
});
export const logTarget = parameterArgument({
  name: 'log_target',
  kind: 'boolean',
  default: false,
  description: 'whether the target holds logarithms',
});
export const elementWeight = optional('weight', 'a weight for each element, the shape of the input');
export const classWeight = optional('weight', 'a weight for each class, [C]');
export const batchWeight = optional('weight', 'weights that broadcast to the input');
export const positiveWeight = optional(
  'pos_weight',
  'weights of the positive class, broadcast to the input: [C] for [N, C]',
);

export const flag = (name: string, value: boolean, description: string): Argument =>
  parameterArgument({ name, kind: 'boolean', default: value, description });

export const keywordOnly = (given: Argument): Argument => ({
  ...given,
  argument: { ...given.argument, keywordOnly: true },
});

export const float = (name: string, description: string): Argument =>
  inputArgument(floatInput(name, description));
export const input = (description: string): Argument => float('input', description);
export const target = (description: string, kind: InputInfo['kind'] = 'float'): Argument =>
  inputArgument({ name: 'target', kind, optional: false, description });
