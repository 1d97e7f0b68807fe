/** What a request asks for: its loss found, its inputs and parameters checked, and the problem that it stands for. */
import { t } from '@vscode/l10n';
import { array, type NdArray, sizeOf } from './array.ts';
import type { LossInfo, SymbolInfo } from './catalogue.ts';
import {
  actsAsInteger,
  type CurveSpec,
  completeParameters,
  type Definition,
  describe,
} from './definition.ts';
import { LossLensError } from './errors.ts';
import type { EvaluateRequest, Parameters, ParameterValue, PrepareRequest, Reduction } from './evaluation.ts';
import { refusalOf, symbols } from './frameworks/index.ts';
import { losses } from './losses/index.ts';
import { type Built, build, type Wanted } from './problem.ts';
import { translated } from './words.ts';

/** What is asked, with its inputs checked and the reduction where the definition looks for it. */
export function understood(request: PrepareRequest): {
  definition: Definition;
  inputs: Readonly<Record<string, NdArray>>;
  own: Parameters;
  wanted: Wanted;
} {
  const { definition, reduction } = resolve(request.loss);
  const inputs = checkInputs(definition, request.inputs);
  const wanted = {
    reduction: checkReduction(request.reduction ?? reduction),
    gradients: request.gradients ?? false,
    elements: request.elements ?? request.resident ?? false,
    resident: request.resident ?? false,
  };
  return { definition, inputs, own: parametersOf(request, definition), wanted };
}

function parametersOf(
  { parameters = {}, reduction }: Pick<PrepareRequest, 'parameters' | 'reduction'>,
  definition: Definition,
): Parameters {
  const hasReduction = definition.parameters.some((parameter) => parameter.name === 'reduction');
  return hasReduction && reduction && parameters['reduction'] === undefined
    ? { ...parameters, reduction }
    : parameters;
}

/** A problem that stands for a request, to be looked into, not run; its elements are there. */
export interface Posed {
  readonly built: Built;
  readonly uniforms: Record<string, number>;
}

/** @throws LossLensError as `prepare` does. */
export const problemOf = (request: EvaluateRequest): Posed => posing(request)(request.parameters ?? {});

/**
 * The same with other parameters, again and again: the inputs are checked once, and the problem is built anew only where
 * a parameter shapes it.
 * @returns takes all parameters, those of the request included; throws as `prepare` does
 * @throws LossLensError as `prepare` does.
 */
export function posing(request: EvaluateRequest): (parameters: Parameters) => Posed {
  const { definition, inputs, wanted } = understood(request);
  let built: Built | undefined;
  return (given) => {
    const own = parametersOf({ ...request, parameters: given }, definition);
    const parameters = completeParameters(definition, own);
    if (!built?.call.isSameFor(parameters)) {
      built = build(definition, inputs, parameters, { ...wanted, elements: true });
    }
    return { built, uniforms: numbersOf(parameters) };
  };
}

/** The parameters that come with each run. */
export const numbersOf = (parameters: Record<string, ParameterValue>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );

/**
 * The definition that a name stands for.
 * @throws LossLensError `unknown-loss`.
 */
export function resolve(name: string): {
  definition: Definition;
  reduction: Reduction;
  curve: (parameters: Parameters) => CurveSpec;
} {
  const loss = losses.find(({ id }) => id === name);
  if (loss) {
    return { definition: { ...loss, name: loss.id }, reduction: loss.reduction, curve: (p) => loss.curve(p) };
  }
  const symbol = symbols.find((candidate) => candidate.name === name || candidate.paths.includes(name));
  if (symbol) return { definition: symbol, reduction: 'mean', curve: (p) => symbol.curve(p) };
  const refusal = refusalOf(name);
  if (refusal) throw refusal;
  throw new LossLensError(
    'unknown-loss',
    t('No loss of the catalogue and no framework symbol has this name.'),
    {
      found: name,
      expected: t`an id such as '${losses[0]!.id}' or a symbol such as 'torch.nn.HuberLoss'`,
    },
  );
}

/**
 * What the catalogue says of a name.
 * @throws LossLensError `unknown-loss`.
 */
export function evaluableNamed(name: string): LossInfo | SymbolInfo {
  const symbol = symbols.find((candidate) => candidate.name === name || candidate.paths.includes(name));
  const found = symbol ?? losses.find(({ id }) => id === name);
  if (!found) throw new LossLensError('unknown-loss', t`Loss Lens knows no loss called '${name}'.`);
  return found;
}

function checkInputs(
  definition: Definition,
  given: Readonly<Record<string, NdArray>>,
): Readonly<Record<string, NdArray>> {
  const known = definition.inputs.map(({ name }) => name);
  for (const name of Object.keys(given)) {
    if (given[name] !== undefined && !known.includes(name)) {
      throw new LossLensError('unknown-input', t`${definition.name} has no input '${name}'.`, {
        found: name,
        expected: known.join(', '),
      });
    }
  }
  const checked: Record<string, NdArray> = {};
  for (const { name, kind, optional, description } of definition.inputs) {
    const value = given[name];
    if (value === undefined) {
      if (optional) continue;
      throw new LossLensError(
        'missing-input',
        t`${definition.name} needs '${name}': ${translated(description)}.`,
        {
          found: Object.keys(given).join(', ') || t('nothing'),
          expected: known.join(', '),
        },
      );
    }
    if (sizeOf(value.shape) !== value.data.length) array(value.data, { shape: value.shape });
    if (kind === 'integer' && !actsAsInteger(value)) {
      throw new LossLensError(
        'dtype',
        t`'${name}' of ${definition.name} holds class numbers: whole numbers.`,
        {
          found: describe(value),
          expected: t('an integer dtype such as int64'),
        },
      );
    }
    checked[name] = value;
  }
  return checked;
}

const reductions: readonly Reduction[] = ['mean', 'sum', 'none', 'batchmean'];

function checkReduction(reduction: Reduction): Reduction {
  if (reductions.includes(reduction)) return reduction;
  throw new LossLensError('parameter', t('There is no such reduction.'), {
    found: `'${reduction}'`,
    expected: reductions.map((name) => `'${name}'`).join(' or '),
  });
}
