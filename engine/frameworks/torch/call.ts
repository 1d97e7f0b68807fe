/** What every loss of torch does with its arguments: reductions, dtypes, shapes, weights. */
import { t } from '@vscode/l10n';
import { actsAsFloat, type Body, type Call, describe } from '../../definition.ts';
import { LossLensError } from '../../errors.ts';
import type { Reduction } from '../../evaluation.ts';
import { constant, type Expr, type Input, mul, stop } from '../../language/expression.ts';
import { broadcast, broadcastShape, placeBroadcast, sameShape, shapeMismatch } from '../../layout.ts';

/** What `size_average` and `reduce`, the old spellings, choose; nothing where neither is given, or the loss has none. */
function legacyReduction(call: Call): 'none' | 'sum' | 'mean' | undefined {
  if (!call.definition.parameters.some(({ name }) => name === 'reduce')) return undefined;
  const reduced = call.option<boolean | null>('reduce');
  const averaged = call.option<boolean | null>('size_average');
  if (reduced === null && averaged === null) return undefined;
  return reduced === false ? 'none' : averaged === false ? 'sum' : 'mean';
}

export function reductionOf(call: Call, batchmean?: number): Pick<Body, 'reduction' | 'denominator'> {
  const legacy = legacyReduction(call);
  let chosen = legacy ?? call.option<string>('reduction');
  if (legacy) {
    call.warn(
      'deprecated',
      t`size_average and reduce are deprecated and win over reduction; write reduction='${legacy}'.`,
    );
  }
  if (chosen === 'elementwise_mean') {
    call.warn('deprecated', t("reduction='elementwise_mean' is deprecated; write reduction='mean'."));
    chosen = 'mean';
  }
  return chosen === 'batchmean'
    ? { reduction: 'batchmean', denominator: constant(batchmean!) }
    : { reduction: chosen as Reduction };
}

export function dtypeError(
  call: Call,
  sentence: string,
  names: readonly string[],
  expected: string,
): LossLensError {
  return new LossLensError('dtype', `${call.definition.name}: ${sentence}`, {
    found: names.map((name) => `${name} ${describe(call.array(name))}`).join(', '),
    expected,
  });
}

/** @throws LossLensError `dtype` unless all hold floating-point numbers. */
export function requireFloats(call: Call, names: readonly string[]): void {
  if (names.every((name) => actsAsFloat(call.array(name)))) return;
  throw dtypeError(call, t('torch computes this in floating point only.'), names, t('float32 or float64'));
}

/** @throws LossLensError `dtype` when one holds truth values: torch neither subtracts nor negates them. */
export function refuseBooleans(call: Call, names: readonly string[]): void {
  if (!names.some((name) => call.array(name).dtype === 'bool')) return;
  throw dtypeError(call, t('torch subtracts and negates no booleans.'), names, t('numbers'));
}

/** @throws LossLensError `shape-mismatch` unless all have as many dimensions. */
export function requireEqualRanks(call: Call, names: readonly string[]): void {
  if (new Set(names.map((name) => call.shape(name).length)).size === 1) return;
  throw new LossLensError(
    'shape-mismatch',
    t('torch broadcasts extents of 1 here, but adds no dimensions.'),
    {
      found: names.map((name) => `${name} [${call.shape(name).join(', ')}]`).join(', '),
      expected: t('as many dimensions in each'),
    },
  );
}

/** Inputs that torch broadcasts without a word; here with a warning. */
export function broadcastSilently(call: Call, names: readonly [string, ...string[]]): Input[] {
  const inputs = broadcast(call, names);
  warnOfBroadcast(call, names);
  return inputs;
}

/** Warns where shapes differ that torch broadcasts without a word. */
export function warnOfBroadcast(call: Call, names: readonly [string, ...string[]]): void {
  if (names.every((name) => sameShape(call.shape(name), call.shape(names[0])))) return;
  call.warn(
    'broadcast',
    t`torch broadcasts silently: ${names.map((name) => `${name} [${call.shape(name).join(', ')}]`).join(', ')} are taken as [${call.space.sizes.join(', ')}].`,
  );
}

/** @throws LossLensError `dtype` when one is float32 and another float64: these kernels do not promote. */
export function requireOneDtype(call: Call, names: readonly string[]): void {
  const stated = names.map((name) => call.array(name)).filter((array) => !array.weak);
  if (stated.every((array) => array.dtype === stated[0]!.dtype)) return;
  throw dtypeError(call, t('torch does not mix floating-point dtypes here.'), names, t('one dtype for both'));
}

/** Input and target of a regression: broadcast with torch's warning where their shapes differ. */
export function regressionInputs(call: Call): [Input, Input] {
  const names = ['input', 'target'] as const;
  if (!names.some((name) => actsAsFloat(call.array(name)))) requireFloats(call, names);
  const [x, y] = broadcast(call, names);
  if (!sameShape(call.shape('input'), call.shape('target'))) {
    call.warn(
      'broadcast',
      t`torch warns and broadcasts: input [${call.shape('input').join(', ')}] and target [${call.shape('target').join(', ')}] are compared as [${call.space.sizes.join(', ')}], which is seldom what was meant.`,
    );
  }
  return [x!, y!];
}

/** The functional losses' element weights: exactly the input's shape. */
export function elementWeights(call: Call): Input | undefined {
  if (!call.has('weight')) return undefined;
  if (call.option('reduction') === 'elementwise_mean' && !legacyReduction(call)) {
    throw new LossLensError('parameter', t('Beside a weight torch takes no old name of the mean.'), {
      found: "reduction='elementwise_mean'",
      expected: "'mean'",
    });
  }
  if (!sameShape(call.shape('weight'), call.shape('input'))) {
    throw shapeMismatch(call, 'weight', 'input', t('Weights have exactly the shape of the input.'));
  }
  return placeBroadcast(call, 'weight');
}

/** Weights that broadcast to the input, or what is called otherwise, without enlarging it. */
export function broadcastWeights(call: Call, name: string, input = 'input'): Expr | undefined {
  if (!call.has(name)) return undefined;
  const shape = call.shape(input);
  const together = broadcastShape(call.shape(name), shape);
  if (!together || !sameShape(together, shape) || call.shape(name).length > shape.length) {
    throw shapeMismatch(call, name, input, t`${name} broadcasts to the ${input} and may not enlarge it.`);
  }
  // torch has no derivative for these weights.
  return stop(placeBroadcast(call, name));
}

export const weighted = (elements: Expr, weight: Expr | undefined): Expr =>
  weight ? mul(weight, elements) : elements;
