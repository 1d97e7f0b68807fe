/** From a definition and what it is given to the problem that a backend computes. */

import { t } from '@vscode/l10n';
import { isFloat, type NdArray } from './array.ts';
import type { Problem } from './backends/backend.ts';
import { actsAsFloat, type Body, Call, type Definition, type Parts, promoted } from './definition.ts';
import { LossLensError } from './errors.ts';
import type { Parameters, Reduction } from './evaluation.ts';
import type { KernelPlan } from './kernels/plan.ts';
import { constant, type Dims, div, type Expr, extent, sum } from './language/expression.ts';
import { gradient } from './language/gradient.ts';
import { simplify } from './language/simplify.ts';

export interface Wanted {
  /** For a definition that leaves the reduction to the request. */
  readonly reduction: Reduction;
  readonly gradients: boolean | readonly string[];
  readonly elements: boolean;
  readonly resident?: boolean;
}

export interface Built {
  readonly call: Call;
  /** What a backend computes: an expression, or a hand-written kernel. */
  readonly plan:
    | {
        readonly kind: 'expression';
        readonly problem: Problem;
        /** Of each element, where the program says one. */
        readonly weight?: Expr;
      }
    | { readonly kind: 'kernel'; readonly kernel: KernelPlan };
  readonly reduction: Reduction;
  /** The shape of the unreduced loss. */
  readonly elementShape: readonly number[];
  /** What the program names besides; of an expression alone. */
  readonly parts: Parts;
}

/** @throws LossLensError for whatever the definition refuses. */
export function build(
  definition: Definition,
  given: Readonly<Record<string, NdArray>>,
  parameters: Parameters,
  wanted: Wanted,
): Built {
  const call = new Call(definition, given, parameters, wanted.reduction);
  const body = definition.program(call);
  const reduction = body.reduction ?? wanted.reduction;
  if ('kernel' in body) {
    const asked = differentiated(definition, given, wanted.gradients);
    const weights = body.weighting?.input;
    const gradients = asked.filter((name) => body.differentiable[name] || name === weights);
    requireAll(definition, wanted.gradients, asked, gradients);
    return {
      call,
      reduction,
      elementShape: body.elementShape,
      parts: {},
      plan: {
        kind: 'kernel',
        kernel: { body, reduction, gradients, ...(weights && { weights: given[weights]!.data }) },
      },
    };
  }
  const names = differentiated(definition, given, wanted.gradients).filter((name) => call.nodes[name]);

  const numerator = sum(body.elements, body.elements.dims);
  const denominator = denominatorOf(body, reduction);
  const [elements, top, bottom, value, ...nodes] = simplify([
    body.elements,
    numerator,
    denominator,
    div(numerator, denominator),
    ...names.map((name) => call.nodes[name]!),
  ]) as [Expr, Expr, Expr, Expr, ...(typeof call.nodes)[string][]];

  const elementShape = call.space.shape(body.elements.dims);
  // Libraries sum a gradient over the elements: none are 0, where a factor taken out of the sum may be infinite.
  const slopes = gradient(value, nodes).map(
    (slope) => slope && (elementShape.includes(0) ? constant(0) : slope),
  );
  const present = names
    .map((name, i) => [name, slopes[i]] as const)
    .filter(([, slope]) => slope !== undefined);
  requireAll(
    definition,
    wanted.gradients,
    names,
    present.map(([name]) => name),
  );
  const [e, t, b, ...g] = simplify([elements, top, bottom, ...present.map(([, slope]) => slope!)]);
  return {
    call,
    reduction,
    elementShape,
    parts: body.parts ?? {},
    plan: {
      kind: 'expression',
      ...(body.weight && { weight: body.weight }),
      problem: {
        sizes: call.space.sizes,
        dtype: body.dtype ?? promoted(Object.values(given).filter(actsAsFloat)),
        arrays: call.arrays,
        numerator: t!,
        denominator: b!,
        ...((wanted.elements || reduction === 'none') && { elements: e! }),
        gradients: Object.fromEntries(present.map(([name], i) => [name, g[i]!])),
        // An unreduced value is its elements, which go back with it.
        ...(wanted.resident && reduction !== 'none' && { resident: true }),
      },
    },
  };
}

/** The same problem, of which one part is asked for instead of the loss: as its elements. */
export function partProblem({ plan }: Built, part: Expr): Problem {
  if (plan.kind !== 'expression') throw new Error('a kernel names no parts');
  const [elements, numerator, denominator] = simplify([part, sum(part, part.dims), extent(0)]) as [
    Expr,
    Expr,
    Expr,
  ];
  const { sizes, dtype, arrays } = plan.problem;
  return { sizes, dtype, arrays, numerator, denominator, elements, gradients: {} };
}

/** @throws LossLensError `parameter` when a gradient that was asked for by name does not exist. */
function requireAll(
  definition: Definition,
  asked: Wanted['gradients'],
  names: readonly string[],
  present: readonly string[],
): void {
  const missing = Array.isArray(asked) ? names.find((name) => !present.includes(name)) : undefined;
  if (missing === undefined) return;
  throw new LossLensError('parameter', t`${definition.name} sends no gradient back to ${missing}.`, {
    found: t`gradients: ['${missing}']`,
    expected: t('an input that its library differentiates by'),
  });
}

export function denominatorOf(body: Body, reduction: Reduction): Expr {
  const { dims } = body.elements;
  switch (reduction) {
    case 'mean':
      return body.denominator ?? (body.weight ? sum(body.weight, dims) : extent(dims));
    case 'batchmean':
      return body.denominator ?? extent(outermost(dims));
    default:
      return extent(0);
  }
}

const outermost = (dims: Dims): Dims => dims & -dims;

/** The inputs to differentiate by: those asked for, or all that hold floating-point numbers. */
export function differentiated(
  definition: Definition,
  given: Readonly<Record<string, NdArray>>,
  asked: boolean | readonly string[],
): string[] {
  if (asked === false) return [];
  const floats = definition.inputs
    .filter(({ name, kind }) => {
      const array = given[name];
      return array && (kind === 'float' ? actsAsFloat(array) : kind === 'any' && isFloat(array.dtype));
    })
    .map(({ name }) => name);
  if (asked === true) return floats;
  for (const name of asked) {
    if (!floats.includes(name)) {
      throw new LossLensError('parameter', t`There is no gradient by '${name}'.`, {
        found: given[name] ? `${name} ${given[name].dtype}` : name,
        expected: floats.join(', ') || t('no floating-point input is given'),
      });
    }
  }
  return [...asked];
}
