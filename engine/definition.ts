/** What a loss, or a framework's symbol bound to one, is made of; and the call that its program is written against. */

import { t } from '@vscode/l10n';
import { type DType, isFloat, type NdArray } from './array.ts';
import type { Family, InputInfo, LossInfo, ParameterInfo, SymbolInfo } from './catalogue.ts';
import { LossLensError } from './errors.ts';
import type { Parameters, ParameterValue, PartName, Reduction, Warning } from './evaluation.ts';
import type { KernelBody } from './kernels/kernel.ts';
import { type Expr, type Input, input, uniform } from './language/expression.ts';
import type { PlacedArray } from './language/space.ts';
import { Space, stridesOf } from './language/space.ts';

/**
 * What a loss is made of before it is reduced, where that is worth a picture of its own: as the loss computes it, with its
 * own distance and after its own activation.
 */
export type Parts = Readonly<Partial<Record<PartName, Expr>>>;

/** What a program returns. */
export interface Body {
  /** The unreduced loss. */
  readonly elements: Expr;
  /** Each element's weight, where the mean divides by their sum, not by how many elements there are. */
  readonly weight?: Expr;
  /** What the mean divides the sum by, where that is neither. */
  readonly denominator?: Expr;
  /** The framework's own reduction; a catalogue loss leaves it to the request. */
  readonly reduction?: Reduction;
  readonly dtype?: 'float32' | 'float64';
  readonly parts?: Parts;
}

export interface Definition {
  readonly name: string;
  readonly inputs: readonly InputInfo[];
  readonly parameters: readonly ParameterInfo[];
  /** Checks what it is given (throwing LossLensError) and writes the loss for those shapes, dtypes and options. */
  program(call: Call): Body | KernelBody;
}

/**
 * How a loss is drawn over one coordinate of its prediction: rows of inputs, each row one element of the loss. The
 * same rows serve the curve (made-up inputs) and the user's own points (rows taken out of their arrays).
 */
export interface CurveSpec {
  readonly xLabel: string;
  /** The input that moves, and that the gradient is taken by. */
  readonly by: string;
  /** What the gradient is called after, where the abscissa is no entry of that input. */
  readonly along?: string;
  readonly range: readonly [number, number];
  /** Parameters that make one row one element. */
  readonly parameters?: Parameters;
  /** For a loss that is one number whatever it is given: each row is evaluated alone. */
  readonly oneByOne?: boolean;
  readonly series: readonly { readonly label: string; rows(x: Float64Array): Rows }[];
  points?(inputs: Readonly<Record<string, NdArray>>): OwnRows | undefined;
}

/** The user's own elements as rows. */
export interface OwnRows {
  readonly count: number;
  /** Where element i stands on the axis; NaN for one that has no place there (an ignored label). */
  x(i: number): number;
  /** How many are to be drawn at the most, where a row is large. */
  readonly most?: number;
  rows(indices: readonly number[]): Rows;
}

export interface Rows {
  readonly count: number;
  readonly inputs: Readonly<Record<string, NdArray>>;
  /** For each row: the flat index, in the gradient by `by`, of the entry that moves with x, and its factor d entry/dx. */
  entry(row: number): number;
  factor?(row: number): number;
}

export interface Loss extends LossInfo, Omit<Definition, 'name'> {
  readonly family: Family;
  curve(parameters: Parameters): CurveSpec;
}

export interface FrameworkSymbol extends SymbolInfo, Definition {
  curve(parameters: Parameters): CurveSpec;
}

const signOf = 'sign of ';

/** One evaluation as its program sees it. */
export class Call {
  readonly warnings: Warning[] = [];
  /** Every option that the program read as a fact: when one of them changes, the program is written anew. */
  readonly facts = new Map<string, ParameterValue | boolean>();
  readonly arrays: Record<string, PlacedArray> = {};
  readonly nodes: Record<string, Input> = {};
  /** For each of an input's own dimensions: which of the space's it is, −1 for one that is repeated. */
  readonly places: Record<string, readonly number[]> = {};
  space = new Space([]);
  readonly definition: Definition;
  readonly given: Readonly<Record<string, NdArray>>;
  /** What the request asks for, where the definition leaves it to that. */
  readonly reduction: Reduction;
  readonly #parameters: Parameters;

  constructor(
    definition: Definition,
    given: Readonly<Record<string, NdArray>>,
    parameters: Parameters,
    reduction: Reduction,
  ) {
    this.definition = definition;
    this.reduction = reduction;
    this.given = given;
    this.#parameters = parameters;
  }

  has(name: string): boolean {
    return this.given[name] !== undefined;
  }

  array(name: string): NdArray {
    return this.given[name]!;
  }

  shape(name: string): readonly number[] {
    return this.array(name).shape;
  }

  /** An option that shapes the program: a choice, a flag, an axis. */
  option<T extends ParameterValue = ParameterValue>(name: string): T {
    const value = this.#parameters[name]!;
    this.facts.set(name, value);
    return value as T;
  }

  /** Whether a number is 0, where a term must then be left out, not multiplied by 0. */
  vanishes(name: string): boolean {
    return this.sign(name) === 0;
  }

  /** −1, 0 or 1: a number read as a fact about the program no further than its sign. */
  sign(name: string): number {
    const sign = Math.sign(Number(this.#parameters[name]));
    this.facts.set(signOf + name, sign);
    return sign;
  }

  /** Whether the program would come out the same with these parameters. */
  isSameFor(parameters: Parameters): boolean {
    for (const [fact, value] of this.facts) {
      const now = fact.startsWith(signOf)
        ? Math.sign(Number(parameters[fact.slice(signOf.length)]))
        : parameters[fact];
      if (now !== value) return false;
    }
    return true;
  }

  /** A parameter that a slider may move: a number given anew with every run. */
  uniform(name: string): Expr {
    return uniform(name);
  }

  /**
   * Puts an input's dimensions at places of the space (−1: an extent of 1 that is repeated) and returns its node.
   * `array` stands in for the input where the library casts it first.
   */
  place(name: string, at: readonly number[], array = this.array(name)): Input {
    const kept = at.map((d, i) => ({ d, size: array.shape[i]! })).filter(({ d }) => d >= 0);
    const strides = stridesOf(
      kept.map(({ size }) => size),
      kept.map(({ d }) => d),
      this.space.dimensions.length,
    );
    const dims = kept.reduce((mask, { d }) => mask | (1 << d), 0);
    this.arrays[name] = { data: array.data, strides };
    this.places[name] = at;
    this.nodes[name] = input(name, dims);
    return this.nodes[name];
  }

  warn(code: string, message: string): void {
    this.warnings.push({ code, message });
  }
}

export const floatInput = (name: string, description: string, optional = false): InputInfo => ({
  name,
  kind: 'float',
  optional,
  description,
});

export const integerInput = (name: string, description: string, optional = false): InputInfo => ({
  name,
  kind: 'integer',
  optional,
  description,
});

export const describe = (array: NdArray): string => `${array.dtype} [${array.shape.join(', ')}]`;

/** What kernels compute in when the given float arrays are promoted together; weak numbers promote nothing. */
export function promoted(arrays: readonly NdArray[]): 'float32' | 'float64' {
  return arrays.some((array) => array.dtype === 'float64' && !array.weak) ? 'float64' : 'float32';
}

/** Whether an array can stand for floating-point numbers: it has that dtype, or none that was stated. */
export const actsAsFloat = (array: NdArray): boolean => isFloat(array.dtype) || array.weak === true;

const integers: ReadonlySet<DType> = new Set([
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
]);

/** Whether an array can stand for integers: it has such a dtype, or none that was stated and only whole numbers. */
export function actsAsInteger(array: NdArray): boolean {
  if (integers.has(array.dtype)) return true;
  if (!array.weak) return false;
  for (let i = 0; i < array.data.length; i++) {
    if (!Number.isInteger(Number(array.data[i]))) return false;
  }
  return true;
}

/**
 * Fills in defaults and checks each parameter against what it may be.
 * @throws LossLensError `parameter` with what was found and what was expected.
 */
export function completeParameters(
  definition: Definition,
  given: Parameters,
): Record<string, ParameterValue> {
  const known = new Set(definition.parameters.map((parameter) => parameter.name));
  for (const name of Object.keys(given)) {
    if (!known.has(name)) {
      throw new LossLensError('parameter', t`${definition.name} has no parameter '${name}'.`, {
        found: name,
        expected: known.size > 0 ? [...known].join(', ') : t('no parameters'),
      });
    }
  }
  const complete: Record<string, ParameterValue> = {};
  for (const info of definition.parameters) {
    const value = given[info.name] ?? (given[info.name] === null ? null : info.default);
    if (value !== info.default) checkParameter(definition.name, info, value);
    complete[info.name] = value;
  }
  return complete;
}

function checkParameter(owner: string, info: ParameterInfo, value: ParameterValue): void {
  const refusal = (expected: string): LossLensError =>
    new LossLensError('parameter', t`'${info.name}' of ${owner} cannot be this.`, {
      found: typeof value === 'string' ? `'${value}'` : String(value),
      expected,
    });
  if (value === null && info.nullable) return;
  switch (info.kind) {
    case 'boolean':
      if (typeof value !== 'boolean') throw refusal(t('true or false'));
      return;
    case 'text':
      if (typeof value !== 'string') throw refusal(t('a text'));
      return;
    case 'choice':
      if (!info.choices?.includes(value as string | null)) {
        throw refusal(
          (info.choices ?? []).map((choice) => (choice === null ? t('none') : `'${choice}'`)).join(t(' or ')),
        );
      }
      return;
    default: {
      const bounded = (): string =>
        [
          info.kind === 'integer' ? t('a whole number') : t('a number'),
          ...(info.above === undefined ? [] : [t`above ${info.above}`]),
          ...(info.minimum === undefined ? [] : [t`of at least ${info.minimum}`]),
          ...(info.maximum === undefined ? [] : [t`of at most ${info.maximum}`]),
        ].join(' ');
      if (typeof value !== 'number') throw refusal(bounded());
      const whole = info.kind !== 'integer' || Number.isInteger(value);
      const inBounds =
        (info.above === undefined || value > info.above) &&
        (info.minimum === undefined || value >= info.minimum) &&
        (info.maximum === undefined || value <= info.maximum);
      if (!whole || !inBounds || Number.isNaN(value)) throw refusal(bounded());
    }
  }
}
