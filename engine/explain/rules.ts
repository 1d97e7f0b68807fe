/** The same data by the rules of the other symbols bound to the same loss, and what differs between them. */
import { t } from '@vscode/l10n';
import type { Framework, SymbolInfo } from '../catalogue.ts';
import { evaluate } from '../evaluate.ts';
import type { EvaluateRequest, Evaluation, Parameters, ParameterValue } from '../evaluation.ts';
import { symbols } from '../frameworks/index.ts';
import { type Expr, topological } from '../language/expression.ts';
import { position } from '../layout.ts';
import { short } from '../presentation/numbers.ts';
import type { Failure } from '../presentation/shown.ts';
import { toFailure } from '../presentation/wire.ts';
import { evaluableNamed, problemOf } from '../request.ts';
import { type Evaluable, lossOf, meaningOf, nameOf, reading, taken } from './roles.ts';
import { reductionOf } from './value.ts';

export interface Ruled {
  readonly symbol: string;
  readonly framework: Framework;
  /** [value, numerator, denominator] by its own defaults; NaN for a value that is not one number. */
  readonly quotient?: Float64Array;
  /** The same with the parameters that both have put to yours; absent where that changes nothing. */
  readonly carried?: Float64Array;
  /** What differs, a sentence each; none when nothing does. */
  readonly differences: readonly string[];
  /** Why it gives no value. */
  readonly failure?: Failure;
}

/** @throws LossLensError for what the request itself is refused for */
export async function otherRules(request: EvaluateRequest): Promise<readonly Ruled[]> {
  const own = evaluableNamed(request.loss);
  const mine = await asked(request);
  const ruled: Ruled[] = [];
  for (const symbol of symbols) {
    if (symbol.loss !== lossOf(own) || symbol.name === nameOf(own)) continue;
    const found = await ruledBy(symbol, own, request, mine);
    if (found) ruled.push(found);
  }
  return ruled;
}

interface Asked {
  readonly evaluation: Evaluation;
  readonly elements: Float64Array;
  readonly shape: readonly number[];
  readonly clips: readonly string[];
}

async function asked(request: EvaluateRequest): Promise<Asked> {
  const evaluation = await evaluate({ ...request, gradients: false, elements: true });
  const { built } = problemOf({ ...request, gradients: false });
  return {
    evaluation,
    elements: Float64Array.from(evaluation.elements!.data as Float64Array),
    shape: evaluation.elements!.shape,
    clips: built.plan.kind === 'kernel' ? [] : clipsIn(built.plan.problem.elements!),
  };
}

async function ruledBy(
  symbol: SymbolInfo,
  own: Evaluable,
  request: EvaluateRequest,
  mine: Asked,
): Promise<Ruled | undefined> {
  const arrays = taken(own, request.inputs, symbol);
  if (!arrays) return undefined;
  const meaning = meaningOf(own, request.inputs, request.parameters ?? {});
  const read = reading(symbol, arrays.inputs, meaning);
  const named = { symbol: symbol.name, framework: symbol.framework };
  if (!read) {
    const other = meaningOf(symbol, arrays.inputs, {});
    const told =
      other === undefined
        ? t`What it takes its predictions for is not known; yours are ${meaning ?? ''}.`
        : t`It takes ${other}; yours are ${meaning ?? ''}.`;
    return { ...named, differences: [told] };
  }
  const differences = arrays.left.map((name) => t`It takes no \`${name}\`: it is left out.`);
  const carried = { ...shared(own, symbol, request.parameters ?? {}), ...read };
  try {
    const byDefault = await asked({ loss: symbol.name, inputs: arrays.inputs, parameters: read });
    const theirs = await asked({ loss: symbol.name, inputs: arrays.inputs, parameters: carried });
    differences.push(
      ...ofParameters(own, symbol, request.parameters ?? {}),
      ...ofElements(mine, theirs),
      ...ofClips(mine, theirs),
      ...ofDenominators(mine, byDefault, own, symbol, request.parameters ?? {}),
    );
    if (mine.evaluation.dtype !== byDefault.evaluation.dtype)
      differences.push(t`It computes in ${byDefault.evaluation.dtype}, not in ${mine.evaluation.dtype}.`);
    const [standard, moved] = [quotientOf(byDefault), quotientOf(theirs)];
    return {
      ...named,
      quotient: standard,
      ...(!standard.every((value, i) => Object.is(value, moved[i])) && { carried: moved }),
      differences,
    };
  } catch (error) {
    return { ...named, differences, failure: toFailure(error) };
  }
}

const quotientOf = ({ evaluation: { value, numerator, denominator } }: Asked): Float64Array =>
  Float64Array.of(value.shape.length === 0 ? Number(value.data[0]) : Number.NaN, numerator, denominator);

/** Parameters of one name, with the value that they have here. How elements are reduced is each framework's own. */
function shared(own: Evaluable, other: Evaluable, given: Parameters): Parameters {
  const reduction = reductionOf(other.parameters)?.name;
  const found: Record<string, ParameterValue> = {};
  for (const { name, kind, default: standard } of own.parameters) {
    const there = other.parameters.find((parameter) => parameter.name === name && parameter.kind === kind);
    if (there && name !== reduction) found[name] = given[name] ?? standard;
  }
  return found;
}

function ofParameters(own: Evaluable, other: Evaluable, given: Parameters): string[] {
  return Object.entries(shared(own, other, given)).flatMap(([name, here]) => {
    const there = other.parameters.find((parameter) => parameter.name === name)!.default;
    if (Object.is(here, there)) return [];
    return [t`\`${name}\` is ${written(there)} there by default, ${written(here)} here.`];
  });
}

function ofElements(mine: Asked, theirs: Asked): string[] {
  if (mine.elements.length !== theirs.elements.length) {
    return [
      t`Its unreduced loss is of shape ${shapeText(theirs.shape)}, yours of ${shapeText(mine.shape)}: one of them adds up or averages along an axis first.`,
    ];
  }
  let at = -1;
  let most = 0;
  mine.elements.forEach((value, i) => {
    const other = theirs.elements[i]!;
    if (Object.is(value, other) || value === other) return;
    const difference = Math.abs(value - other);
    if (at < 0 || !(difference <= most)) [at, most] = [i, difference];
  });
  const [here, there] = [mine.elements[at], theirs.elements[at]];
  if (at < 0 || most <= 2e-6 * Math.max(Math.abs(here!), Math.abs(there!))) return [];
  const index = shapeText(position(mine.shape, at));
  return [
    t`The elements differ, most at ${index}: ${short(there!, 'float64', 5)} there, ${short(here!, 'float64', 5)} here.`,
  ];
}

function ofClips(mine: Asked, theirs: Asked): string[] {
  const only = (a: Asked, b: Asked): string[] => a.clips.filter((clip) => !b.clips.includes(clip));
  return [
    ...only(theirs, mine).map((clip) => t`It clips to ${clip}; yours does not.`),
    ...only(mine, theirs).map((clip) => t`Yours clips to ${clip}; it does not.`),
  ];
}

function ofDenominators(
  mine: Asked,
  theirs: Asked,
  own: Evaluable,
  other: Evaluable,
  given: Parameters,
): string[] {
  const [here, there] = [mine.evaluation.denominator, theirs.evaluation.denominator];
  if (Object.is(here, there)) return [];
  const nameOfReduction = (subject: Evaluable, parameters: Parameters): string => {
    const info = reductionOf(subject.parameters);
    const value = info && (parameters[info.name] ?? info.default);
    return typeof value === 'string' ? ` (${value})` : '';
  };
  return [
    t`It divides by ${short(there, 'float64')}${nameOfReduction(other, {})}, yours by ${short(here, 'float64')}${nameOfReduction(own, given)}.`,
  ];
}

/** The intervals that values are clipped to, as far as they are numbers. */
function clipsIn(elements: Expr): string[] {
  const found = new Set<string>();
  for (const node of topological([elements])) {
    if (node.kind !== 'apply' || node.operation !== 'clamp') continue;
    const [, low, high] = node.args;
    if (low?.kind !== 'constant' || high?.kind !== 'constant') continue;
    found.add(`[${short(low.value, 'float64')}, ${short(high.value, 'float64')}]`);
  }
  return [...found];
}

function written(value: ParameterValue): string {
  if (typeof value === 'number') return short(value, 'float64');
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value === null ? 'None' : `'${value}'`;
}

const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`;
