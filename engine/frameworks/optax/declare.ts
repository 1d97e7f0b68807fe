/** How optax's functions are declared, and what they ask of their arguments. */
import { t } from '@vscode/l10n';
import type { ParameterInfo, VersionFact } from '../../catalogue.ts';
import { actsAsFloat, type Call, describe, type FrameworkSymbol, floatInput } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import { type Argument, type Declaration, declare, inputArgument, parameterArgument } from '../symbol.ts';

export const array = (name: string, description: string, optional = false): Argument =>
  inputArgument(floatInput(name, description, optional));

export const labels = (description: string): Argument =>
  inputArgument({ name: 'labels', kind: 'any', optional: false, description });

/** Elements to leave out; it has no gradient. */
export const mask: Argument = inputArgument({
  name: 'where',
  kind: 'any',
  optional: true,
  description: 'which elements to count, true or false, broadcast to the others',
});

export const number = (info: Omit<ParameterInfo, 'kind'>): Argument =>
  parameterArgument({ kind: 'number', ...info });

export const flag = (name: string, value: boolean, description: string): Argument =>
  parameterArgument({ name, kind: 'boolean', default: value, description });

export const axis = (of: string, { nullable = true } = {}): Argument =>
  parameterArgument({
    name: 'axis',
    kind: 'integer',
    default: -1,
    ...(nullable && { nullable }),
    description: `the dimension that holds ${of}${nullable ? '; none for all of them' : ''}`,
  });

/** A default as Python writes it, for a floating-point number that is whole. */
export const written = (argument: Argument, text: string): Argument => ({
  ...argument,
  argument: { ...argument.argument, default: text },
});

export const keywordOnly = (argument: Argument): Argument => ({
  ...argument,
  argument: { ...argument.argument, keywordOnly: true },
});

/** Of the losses over an axis. */
export const axisAndMask: readonly VersionFact[] = [{ since: '0.2.4', text: 'It takes `axis` and `where`.' }];

interface OptaxSymbol extends Omit<Declaration, 'name' | 'paths' | 'framework' | 'constructor_'> {
  readonly function: string;
  /** Whether `optax` itself has the name too. */
  readonly alias?: boolean;
  /** Whether it returns a mean or a sum itself. */
  readonly isReduced?: boolean;
}

export function symbol({
  function: name,
  alias = true,
  isReduced = false,
  ...rest
}: OptaxSymbol): FrameworkSymbol {
  const home = `optax.losses.${name}`;
  return declare({
    ...rest,
    name: alias ? `optax.${name}` : home,
    paths: alias ? [`optax.${name}`, home] : [home],
    framework: 'optax',
    caveats: [
      ...rest.caveats,
      ...(isReduced ? [] : ['Nothing is averaged over the batch: take `.mean()` yourself.']),
      'JAX computes in float32, float64 arrays too, unless `jax_enable_x64` is set; here float64 arrays are computed as it then does.',
    ],
  });
}

/** @throws LossLensError `dtype` unless all hold floating-point numbers. */
export function requireFloats(call: Call, names: readonly string[]): void {
  const wrong = names.find((name) => call.has(name) && !actsAsFloat(call.array(name)));
  if (wrong === undefined) return;
  throw new LossLensError(
    'dtype',
    t`${call.definition.name} wants a floating-point dtype and converts nothing.`,
    {
      found: `${wrong} ${describe(call.array(wrong))}`,
      expected: t('float32 or float64'),
    },
  );
}
