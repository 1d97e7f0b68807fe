/** What a name stands for, as the panel offers it: with a control for each parameter, the reduction among them. */
import { t } from '@vscode/l10n';
import type { Family, Framework, InputInfo, ParameterInfo } from '../catalogue.ts';
import type { EvaluateRequest, Parameters, Reduction } from '../evaluation.ts';
import type * as index from '../index.ts';
import type { ControlInfo } from './shown.ts';
import { toWire } from './wire.ts';

export interface Subject {
  readonly symbol?: string;
  readonly framework?: Framework;
  /** Catalogue id. */
  readonly loss: string;
  readonly family: Family;
  readonly inputs: readonly InputInfo[];
  readonly parameters: readonly ParameterInfo[];
  /** Where the classes are when shapes leave it open. */
  readonly classAxis: number;
}

/** A catalogue loss's reduction is no parameter of its own, but is one in the panel. */
export const reductionControl = 'reduction';

/** All but its default, which is the loss's. */
export const reductionInfo = {
  name: reductionControl,
  kind: 'choice',
  choices: ['mean', 'sum', 'batchmean', 'none'] satisfies Reduction[],
  description: 'how the elements become one number',
} as const;

/** @throws LossLensError `unknown-loss`. */
export function subjectOf(
  engine: Pick<typeof index, 'symbols' | 'losses' | 'LossLensError'>,
  name: string,
): Subject {
  const symbol = engine.symbols.find((each) => each.name === name || each.paths.includes(name));
  if (symbol) {
    return {
      symbol: symbol.name,
      framework: symbol.framework,
      loss: symbol.loss,
      family: engine.losses.find(({ id }) => id === symbol.loss)!.family,
      inputs: symbol.inputs,
      parameters: symbol.parameters,
      classAxis: symbol.framework === 'torch' ? 1 : -1,
    };
  }
  const loss = engine.losses.find((each) => each.id === name);
  if (!loss) throw new engine.LossLensError('unknown-loss', t`Loss Lens knows no loss called '${name}'.`);
  return {
    loss: loss.id,
    family: loss.family,
    inputs: loss.inputs,
    parameters: [...loss.parameters, { ...reductionInfo, default: loss.reduction }],
    classAxis: -1,
  };
}

/** @param values of those that do not stand at their defaults */
export function controlsOf(parameters: readonly ParameterInfo[], values: Parameters): ControlInfo[] {
  return parameters.flatMap((info): ControlInfo[] => {
    const { default: standard, ...rest } = info;
    const value = values[info.name] === undefined ? standard : values[info.name]!;
    // What its framework advises against is there only where it is used.
    if (info.description.startsWith('deprecated') && value === standard) return [];
    return [{ ...rest, default: toWire(standard), value: toWire(value) }];
  });
}

export interface Asked {
  readonly request: EvaluateRequest;
  readonly parameters: Parameters;
}

/** What the engine is asked with these values of the controls; the request has the parameters that it came with. */
export function askedOf({ symbol }: Subject, request: EvaluateRequest, values: Parameters): Asked {
  if (symbol !== undefined) return { request, parameters: values };
  const { [reductionControl]: reduction, ...parameters } = values;
  return { request: { ...request, reduction: reduction as Reduction }, parameters };
}

/** Whether what a file makes of the inputs is compared: no element of them belongs to one of the loss then. */
export function comparesThroughFile({ parameters }: Subject, values: Parameters): boolean {
  return parameters.some(({ name, file }) => file !== undefined && values[name] !== null);
}
