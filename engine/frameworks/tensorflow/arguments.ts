/** What TensorFlow's functions share: their arguments, and what they refuse of them. */
import { t } from '@vscode/l10n';
import { isFloat, type NdArray } from '../../array.ts';
import type { InputInfo } from '../../catalogue.ts';
import { type Call, describe } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import { sameShape } from '../../layout.ts';
import { type Argument, inputArgument } from '../symbol.ts';

export const required = (name: string, description: string, kind: InputInfo['kind'] = 'float'): Argument =>
  inputArgument({ name, kind, optional: false, description });

/** What a tensor of these numbers has: numbers without a dtype take what is asked for. */
const fits = (array: NdArray, dtypes: readonly string[]): boolean =>
  array.weak === true || dtypes.includes(array.dtype);

const refusal = (call: Call, names: readonly string[], sentence: string, expected: string): LossLensError =>
  new LossLensError('dtype', `${call.definition.name}: ${sentence}`, {
    found: names.map((name) => `${name} ${describe(call.array(name))}`).join(', '),
    expected,
  });

/** @throws LossLensError `dtype` unless all hold floating-point numbers of one dtype: TensorFlow promotes nothing. */
export function requireOneFloat(call: Call, names: readonly string[]): void {
  for (const name of names) {
    if (!fits(call.array(name), ['float32', 'float64'])) {
      throw refusal(call, names, t('the kernel takes floating-point numbers only.'), t('float32 or float64'));
    }
  }
  const stated = names.map((name) => call.array(name)).filter((array) => !array.weak);
  if (!stated.every(({ dtype }) => dtype === stated[0]!.dtype)) {
    throw refusal(call, names, t('TensorFlow does not mix dtypes.'), t('one dtype for all'));
  }
}

/** @throws LossLensError `dtype` unless the class numbers are of a dtype that the kernel takes. */
export function requireLabelDtype(call: Call, name: string): void {
  if (!fits(call.array(name), ['int32', 'int64'])) {
    throw refusal(call, [name], t('the kernel takes class numbers as int32 or int64.'), t('int32 or int64'));
  }
}

/** @throws LossLensError `shape-mismatch` unless the two have one shape. */
export function requireOneShape(call: Call, first: string, second: string): void {
  if (sameShape(call.shape(first), call.shape(second))) return;
  throw new LossLensError('shape-mismatch', t`${call.definition.name} broadcasts nothing.`, {
    found: `${first} ${describe(call.array(first))}, ${second} ${describe(call.array(second))}`,
    expected: t('two equal shapes'),
  });
}

/** What is computed in: the dtype of this array. */
export function dtypeOf(call: Call, name: string): 'float32' | 'float64' {
  const { dtype, weak } = call.array(name);
  return isFloat(dtype) && dtype === 'float64' && !weak ? 'float64' : 'float32';
}
