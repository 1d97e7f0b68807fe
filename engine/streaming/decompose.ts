/**
 * A loss taken apart at its sums along one dimension, so that rows can be worked through in parts: what the parts add
 * up to, and the value that is made of it when all of them are known.
 */

import { t } from '@vscode/l10n';
import { cast, type NdArray } from '../array.ts';
import type { Problem, Uniforms } from '../backends/backend.ts';
import { numberOf } from '../backends/lower.ts';
import { actsAsFloat, Call, type Definition, promoted } from '../definition.ts';
import { LossLensError } from '../errors.ts';
import type { Parameters, Reduction } from '../evaluation.ts';
import {
  abs,
  apply,
  constant,
  type Dims,
  div,
  type Expr,
  type Input,
  input,
  operands,
  type Reduce,
  reduce,
  square,
  sum,
  topological,
} from '../language/expression.ts';
import { gradient } from '../language/gradient.ts';
import { simplify, writtenOut } from '../language/simplify.ts';
import { denominatorOf, differentiated } from '../problem.ts';

export interface Decomposed {
  readonly call: Call;
  /** What a part of the rows contributes, in the order of `merges`. */
  readonly problem: Problem;
  /** How the contributions of two parts become one. */
  readonly merges: readonly Reduce['reduction'][];
  /** Of the contributions, those that the value is made of; the others are of gradients. */
  readonly count: number;
  /** The value of `rows` rows from what they add up to. */
  value(totals: readonly number[], rows: number, uniforms: Uniforms): Quotient;
  /** By the inputs that there is a gradient by: its largest magnitude and its Euclidean norm. */
  slopes(totals: readonly number[], rows: number, uniforms: Uniforms): Readonly<Record<string, Slope>>;
  /** Equal for other rows of which the same is computed. */
  readonly text: string;
  /** Inputs whose gradient would take a second pass over the rows. */
  readonly withoutSlope: readonly string[];
}

export interface Quotient {
  readonly numerator: number;
  readonly denominator: number;
}

export interface Slope {
  readonly largest: number;
  readonly norm: number;
}

const merging: Readonly<Record<Reduce['reduction'], (a: number, b: number) => number>> = {
  sum: (a, b) => a + b,
  max: Math.max,
  min: Math.min,
};

export const merge = (how: Reduce['reduction']): ((a: number, b: number) => number) => merging[how];

/**
 * @param rowwise  inputs of which `given` holds some rows, along their outermost dimension
 * @throws LossLensError `not-streamable` with what in the loss needs all rows at once; whatever the loss refuses.
 */
export function decompose(
  definition: Definition,
  given: Readonly<Record<string, NdArray>>,
  parameters: Parameters,
  wanted: { readonly reduction: Reduction; readonly gradients: boolean },
  rowwise: readonly string[],
): Decomposed {
  const call = new Call(definition, given, parameters, wanted.reduction);
  const body = definition.program(call);
  if ('kernel' in body) throw refusal(definition, t('a kernel that takes all of its input'));
  const reduction = body.reduction ?? wanted.reduction;
  if (reduction === 'none')
    throw refusal(definition, t("reduction 'none', which gives a number for each row"));
  const along = rowDimension(call, rowwise);
  for (const name of rowwise) requireUnchanged(call, name);

  const names = differentiated(definition, given, wanted.gradients).filter(
    (name) => rowwise.includes(name) && call.nodes[name],
  );
  const [top, bottom, ...nodes] = simplify([
    sum(body.elements, body.elements.dims),
    denominatorOf(body, reduction),
    ...names.map((name) => call.nodes[name]!),
  ]) as [Expr, Expr, ...Input[]];
  const parts = partsOf(definition, [top, bottom], along);
  const stand = parts.map((_, i) => input(`total:${i}`, 0));
  const [numerator, denominator] = simplify(replaced([top, bottom], parts, stand), { lowered: true }) as [
    Expr,
    Expr,
  ];
  const [value] = simplify([div(...(replaced([top, bottom], parts, stand) as [Expr, Expr]))]) as [Expr];
  const outer = simplify(
    gradient(value, simplifiedInputs(value, stand)).map((slope) => slope ?? constant(0)),
    { lowered: true },
  );

  const slopes = names.flatMap((name, n) => {
    const of = parts.map((part) => gradient(part, [nodes[n]!])[0]);
    const from = of.flatMap((slope, i) => (slope ? [{ i, slope }] : []));
    return from.length === 1 ? [{ name, ...from[0]!, dims: nodes[n]!.dims }] : [];
  });
  for (const { slope } of slopes) requireRowwise(definition, slope, along);
  const every = [
    ...parts,
    ...slopes.flatMap(({ slope, dims }) => [reduce('max', abs(slope), dims), sum(square(slope), dims)]),
  ];
  const [first, ...totals] = every as [Expr, ...Expr[]];
  const numbers = (totals: readonly number[], rows: number, uniforms: Uniforms) => {
    const sizes = call.space.sizes.map((size, d) => (d === along ? rows : size));
    const arrays = {
      ...Object.fromEntries(
        Object.entries(call.arrays).map(([name, { data, strides }]) => [
          name,
          { data: dtype === 'float32' && data.length === 1 ? cast(data, 'float32') : data, strides },
        ]),
      ),
      ...Object.fromEntries(
        stand.map(({ name }, i) => [name, { data: Float64Array.of(totals[i]!), strides: [] }]),
      ),
    };
    const rounded =
      dtype === 'float64'
        ? uniforms
        : Object.fromEntries(Object.entries(uniforms).map(([name, number]) => [name, Math.fround(number)]));
    return (node: Expr): number =>
      numberOf(node, { sizes, arrays }, 'float64', rounded, () => {
        throw new Error('every reduction is a total');
      });
  };
  // Where rows are compared with rows, another dimension is as long as there are rows.
  const others = call.space.sizes.filter((_, d) => d !== along);
  const dtype = body.dtype ?? promoted(Object.values(given).filter(actsAsFloat));
  return {
    call,
    problem: {
      sizes: call.space.sizes,
      dtype,
      arrays: call.arrays,
      numerator: first,
      denominator: constant(1),
      totals,
      gradients: {},
    },
    merges: [...parts.map(({ reduction }) => reduction), ...slopes.flatMap(() => ['max', 'sum'] as const)],
    count: parts.length,
    text: `${dtype} ${others} ${writtenOut([numerator, denominator, ...outer, ...every])}`,
    value(totals, rows, uniforms) {
      const number = numbers(totals, rows, uniforms);
      return { numerator: number(numerator), denominator: number(denominator) };
    },
    slopes(totals, rows, uniforms) {
      const number = numbers(totals, rows, uniforms);
      return Object.fromEntries(
        slopes.flatMap(({ name, i }, s) => {
          const factor = Math.abs(number(outer[i]!));
          // Of 0 rows that count, each gradient is 0 or NaN, as the loss masks it.
          if (!Number.isFinite(factor)) return [];
          const [largest, squares] = totals.slice(parts.length + 2 * s) as [number, number];
          return [[name, { largest: factor * largest, norm: factor * Math.sqrt(squares) }]];
        }),
      );
    },
    withoutSlope: names.filter((name) => !slopes.some((slope) => slope.name === name)),
  };
}

/** The dimension of the space that the rows lie along: one and the same for all of them. */
function rowDimension(call: Call, rowwise: readonly string[]): number {
  const places = rowwise.filter((name) => call.nodes[name]).map((name) => call.places[name]![0]);
  const [along] = places;
  const own = rowwise.every((name) => call.array(name).shape[0] === call.space.sizes[along ?? -1]);
  if (along !== undefined && along >= 0 && own && places.every((place) => place === along)) return along;
  throw refusal(call.definition, t('inputs that are not laid out row by row'));
}

/** What a program makes of an array before it is placed (labels counted anew) may depend on other rows. */
function requireUnchanged(call: Call, name: string): void {
  const placed = call.arrays[name]?.data;
  const { data } = call.array(name);
  if (!placed || placed === data) return;
  const isSame =
    placed.length === data.length &&
    Array.prototype.every.call(data, (value, i) => Object.is(Number(value), Number(placed[i])));
  if (!isSame) throw refusal(call.definition, t`another ${name} that it makes of all rows`);
}

/** The outermost reductions along the rows: what is inside one is known from a row alone, and nothing outside is. */
function partsOf(definition: Definition, roots: readonly Expr[], along: number): Reduce[] {
  const row: Dims = 1 << along;
  const found = new Set<Reduce>();
  const seen = new Set<Expr>();
  const visit = (node: Expr): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === 'reduce' && node.dims === 0 && (node.over & row) !== 0) {
      requireRowwise(definition, node.arg, along);
      found.add(node);
      return;
    }
    if (node.dims !== 0)
      throw refusal(definition, t('a number for each class, or another, that all rows together give'));
    for (const operand of operands(node)) visit(operand);
  };
  for (const root of roots) visit(root);
  if (found.size === 0) throw refusal(definition, t('a value that the rows do not add up to'));
  return [...found];
}

/** @throws LossLensError `not-streamable` where a row's share depends on other rows, or on how many there are. */
function requireRowwise(definition: Definition, root: Expr, along: number): void {
  const row: Dims = 1 << along;
  for (const node of topological([root])) {
    switch (node.kind) {
      case 'reduce':
        if (node.over & row) throw refusal(definition, t('a reduction of all rows inside of another'));
        break;
      case 'extent':
        if (node.of & row) throw refusal(definition, t('how many rows there are, in each of them'));
        break;
      case 'index':
        if (node.dims & row) throw refusal(definition, t('the number of a row'));
        break;
      case 'gather':
      case 'neighbour':
        if (node.along & row) throw refusal(definition, t('other rows, in each of them'));
    }
  }
}

/** The same numbers, with inputs in the place of some nodes. */
function replaced(roots: readonly Expr[], nodes: readonly Expr[], by: readonly Input[]): Expr[] {
  const done = new Map<Expr, Expr>(nodes.map((node, i) => [node, by[i]!]));
  const rewrite = (node: Expr): Expr => {
    const known = done.get(node);
    if (known) return known;
    const result = rewritten(node);
    done.set(node, result);
    return result;
  };
  const rewritten = (node: Expr): Expr => {
    switch (node.kind) {
      case 'apply':
        return apply(node.operation, node.args.map(rewrite), node.kink);
      case 'withGradient':
        return {
          ...node,
          value: rewrite(node.value),
          surrogates: node.surrogates.map(([to, slope]) => [rewrite(to), rewrite(slope)] as const),
        };
      default:
        return node;
    }
  };
  return roots.map(rewrite);
}

/** Simplifying makes new objects of equal inputs. */
const simplifiedInputs = (value: Expr, inputs: readonly Input[]): Input[] => {
  const present = topological([value]).filter((node): node is Input => node.kind === 'input');
  return inputs.map((one) => present.find(({ name }) => name === one.name) ?? one);
};

function refusal({ name }: Definition, found: string): LossLensError {
  return new LossLensError(
    'not-streamable',
    t`${name} cannot be evaluated row by row, as a file larger than memory is.`,
    {
      found,
      expected: t('a loss whose rows add up to its value, or arrays that fit into memory'),
    },
  );
}
