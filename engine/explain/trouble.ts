/** What is wrong with an evaluation's numbers, and where it begins: NaN, infinities, gradients that are lost, negative losses. */
import { t } from '@vscode/l10n';
import type { Uniforms } from '../backends/backend.ts';
import { walk } from '../backends/reference/interpreter.ts';
import { evaluate } from '../evaluate.ts';
import type { EvaluateRequest, Evaluation } from '../evaluation.ts';
import type { Dims, Expr } from '../language/expression.ts';
import { compactStrides, countOf } from '../language/space.ts';
import { position } from '../layout.ts';
import { aTarget, predictionOf } from '../presentation/prediction.ts';
import type { Built } from '../problem.ts';
import { evaluableNamed, problemOf } from '../request.ts';
import { cureOf } from './cures.ts';
import { placeOf } from './element.ts';
import { type Origin, originOf, originOfInfinity } from './origin.ts';
import { narrowed, type Part, type Trace, type TraceOptions, traced } from './slice.ts';
import { type Line, worked } from './worked.ts';

export interface Trouble {
  readonly kind: 'not finite' | 'gradient not finite' | 'no gradient' | 'negative';
  /** `2 elements of the loss are NaN or infinite.` */
  readonly sentence: string;
  /** Of the unreduced loss; the first that is meant. */
  readonly row?: number;
  /** Where it begins, the last line being the operation; absent where it cannot be followed. */
  readonly beginnings: readonly Beginning[];
  readonly cure?: string;
}

export interface Beginning {
  readonly lines: readonly Line[];
  /** The inputs' own numbers that the operation comes from. */
  readonly inputs: readonly {
    readonly name: string;
    readonly index: readonly number[];
    readonly value: Float64Array;
  }[];
}

/**
 * Evaluates with gradients and looks through all of it.
 * @throws LossLensError as `prepare` does
 */
export async function findTrouble(request: EvaluateRequest): Promise<readonly Trouble[]> {
  const evaluation = await evaluate({ ...request, gradients: true, elements: true });
  const { built, uniforms } = problemOf({ ...request, gradients: true });
  const search = new Search(request, evaluation, built, uniforms);
  return [
    ...search.value(),
    ...Object.keys(evaluation.gradients)
      .filter((name) => !aTarget.test(name))
      .flatMap((name) => search.gradient(name)),
    ...search.lost(),
    ...search.negative(),
  ];
}

class Search {
  readonly #request: EvaluateRequest;
  readonly #evaluation: Evaluation;
  readonly #built: Built;
  readonly #uniforms: Uniforms;

  constructor(request: EvaluateRequest, evaluation: Evaluation, built: Built, uniforms: Uniforms) {
    this.#request = request;
    this.#evaluation = evaluation;
    this.#built = built;
    this.#uniforms = uniforms;
  }

  value(): Trouble[] {
    const elements = this.#elements;
    const row = elements.findIndex((value) => !Number.isFinite(value));
    const { plan } = this.#built;
    if (row >= 0) {
      const { count } = this.#evaluation.nonFinite;
      const part = counted(count, elements.length);
      const sentence = count === 1 ? t`${part} is NaN or infinite.` : t`${part} are NaN or infinite.`;
      if (plan.kind === 'kernel') return [{ kind: 'not finite', sentence, row, ...this.#ofKernel() }];
      const { elements: node } = plan.problem;
      const index = position(this.#built.elementShape, row);
      const place = placeOf(node!.dims, plan.problem.sizes.length, index);
      return [{ kind: 'not finite', sentence, row, ...this.#follow(plan.problem, node!, node!.dims, place) }];
    }
    const { numerator, denominator, value } = this.#evaluation;
    if (plan.kind === 'kernel' || value.shape.length > 0 || Number.isFinite(Number(value.data[0]))) return [];
    if (!Number.isFinite(numerator)) {
      const sentence = t('Every element is finite, their sum is not.');
      return [
        {
          kind: 'not finite',
          sentence,
          beginnings: [],
          cure: t('The sum is larger than the largest number. Scale the data down, or compute in float64.'),
        },
      ];
    }
    const sentence = t`Every element is finite; the value is ${shown(numerator)} ÷ ${shown(denominator)}.`;
    const cure =
      elements.length === 0
        ? t('There is no element to take the mean of: the batch is empty.')
        : t('Nothing counts: every element is ignored or weighs 0. Leave such a batch out, or take the sum.');
    return [{ kind: 'not finite', sentence, beginnings: [], cure }];
  }

  gradient(name: string): Trouble[] {
    const { data, shape } = this.#evaluation.gradients[name]!;
    const entries = data as Float64Array;
    let count = 0;
    let first = -1;
    entries.forEach((value, i) => {
      if (Number.isFinite(value)) return;
      if (count++ === 0) first = i;
    });
    if (count === 0) return [];
    const [part, at] = [countedEntries(count, entries.length), `[${position(shape, first).join(', ')}]`];
    const sentence =
      count === 1
        ? t`Of the gradient by ${name}, ${part} is NaN or infinite, first at ${at}.`
        : t`Of the gradient by ${name}, ${part} are NaN or infinite, first at ${at}.`;
    const { plan } = this.#built;
    if (plan.kind === 'kernel') return [{ kind: 'gradient not finite', sentence, ...this.#ofKernel() }];
    const { problem } = plan;
    const { strides } = problem.arrays[name]!;
    const place = strides.map((stride, d) =>
      stride === 0 ? 0 : Math.floor(first / stride) % problem.sizes[d]!,
    );
    const { dims } = this.#built.call.nodes[name]!;
    const row = this.#rowAt(place, dims);
    return [
      {
        kind: 'gradient not finite',
        sentence,
        ...(row !== undefined && { row }),
        ...this.#follow(problem, problem.gradients[name]!, dims, place),
      },
    ];
  }

  /** Elements that cost something and send nothing back to the prediction: what holds them has no slope there. */
  lost(): Trouble[] {
    const { plan } = this.#built;
    const by = predictionOf(evaluableNamed(this.#request.loss).inputs, this.#request.inputs);
    const gradient = this.#evaluation.gradients[by];
    if (plan.kind === 'kernel' || !gradient) return [];
    const { problem } = plan;
    const node = problem.elements!;
    const { dims } = this.#built.call.nodes[by]!;
    // Of an element that does not belong to a part of the prediction alone, the gradient says nothing.
    if ((node.dims & ~dims) !== 0) return [];
    const moved = new Uint8Array(countOf(node.dims, problem.sizes));
    walk(
      dims,
      problem.sizes,
      [problem.arrays[by]!.strides, compactStrides(node.dims, problem.sizes)],
      (_, [from, row]) => {
        if (gradient.data[from!] !== 0) moved[row!] = 1;
      },
    );
    const elements = this.#elements;
    let count = 0;
    let row = -1;
    for (let i = 0; i < moved.length; i++) {
      if (moved[i] || !(Math.abs(elements[i]!) > smallLoss)) continue;
      if (count++ === 0 || Math.abs(elements[i]!) > Math.abs(elements[row]!)) row = i;
    }
    if (count === 0) return [];
    const part = counted(count, elements.length);
    const place = placeOf(node.dims, problem.sizes.length, position(this.#built.elementShape, row));
    const trace = traced(problem, node, node.dims, place, this.#uniforms);
    const saturated = saturatedIn(trace);
    return [
      {
        kind: 'no gradient',
        sentence:
          count === 1
            ? t`${part} is held where the loss has no slope: no gradient goes back.`
            : t`${part} are held where the loss has no slope: no gradient goes back.`,
        row,
        beginnings: saturated ? [this.#beginning(trace, saturated, {})] : [],
        cure: saturated
          ? t(
              'What holds the value has no slope there, so training cannot move it: a clip at its bound, or a sigmoid or tanh that has reached its end to the last bit. Give the loss logits, or widen the clip.',
            )
          : t(
              'The loss is flat there, or has a kink for which the framework takes 0 as the slope: equal points, a tie.',
            ),
      },
    ];
  }

  negative(): Trouble[] {
    const elements = this.#elements;
    let count = 0;
    let row = -1;
    elements.forEach((value, i) => {
      if (!(value < 0)) return;
      if (count++ === 0) row = i;
    });
    if (count === 0) return [];
    const { plan } = this.#built;
    const part = counted(count, elements.length);
    const sentence = count === 1 ? t`${part} is negative.` : t`${part} are negative.`;
    const cure = t(
      'Ordinary where the loss is a score or a density (Poisson, Gaussian, Wasserstein, cosine). For a cross-entropy it means a target or a probability outside [0, 1].',
    );
    if (plan.kind === 'kernel') return [{ kind: 'negative', sentence, row, beginnings: [], cure }];
    const node = plan.problem.elements!;
    const place = placeOf(node.dims, plan.problem.sizes.length, position(this.#built.elementShape, row));
    const trace = traced(plan.problem, node, node.dims, place, this.#uniforms);
    const shapes = (input: string): readonly number[] => this.#built.call.shape(input);
    return [
      {
        kind: 'negative',
        sentence,
        row,
        beginnings: [{ lines: worked(trace, shapes, t('loss')), inputs: [] }],
        cure,
      },
    ];
  }

  get #elements(): Float64Array {
    return this.#evaluation.elements!.data as Float64Array;
  }

  /** The row that a place belongs to, if to one alone. */
  #rowAt(place: readonly number[], dims: Dims): number | undefined {
    const { plan } = this.#built;
    if (plan.kind === 'kernel') return undefined;
    const { elements, sizes } = plan.problem;
    if ((elements!.dims & ~dims) !== 0) return undefined;
    const strides = compactStrides(elements!.dims, sizes);
    return strides.reduce((row, stride, d) => row + stride * place[d]!, 0);
  }

  #follow(
    problem: Part,
    root: Expr,
    pinned: Dims,
    place: readonly number[],
  ): Pick<Trouble, 'beginnings' | 'cure'> {
    // What overflows in float32 only is finite in the float64 of the trace, unless that rounds as the kernels do.
    for (const options of [{}, { everyStep: true }]) {
      const trace = traced(problem, root, pinned, place, this.#uniforms, options);
      const origin = originOf(trace);
      if (!origin) continue;
      const from = Number.isNaN(origin.value) ? originOfInfinity(trace, origin) : undefined;
      return {
        beginnings: [origin, ...(from ? [from] : [])].map((each) => this.#beginning(trace, each, options)),
        cure: cureOf(origin),
      };
    }
    return { beginnings: [] };
  }

  #beginning(
    trace: Trace,
    { node, place }: Pick<Origin, 'node' | 'place'>,
    options: TraceOptions,
  ): Beginning {
    const inner = narrowed(trace, node, place, this.#uniforms, options);
    const shape = (input: string): readonly number[] => this.#built.call.shape(input);
    // What is picked tells; by which label it was picked does not.
    const own = inner.reads.get(inner.root);
    const inputs = (own ? [[inner.root, own] as const] : [...inner.reads]).flatMap(
      ([reader, { input, offset, strides }]) => {
        if (reader.dims !== 0 || reader.kind === 'constant') return [];
        const along =
          reader.kind === 'gather'
            ? inner.values.get(reader.at)![0]! * strides[31 - Math.clz32(reader.along)]!
            : 0;
        const index = position(shape(input), offset + along);
        return [{ name: input, index, value: inner.values.get(reader)!.slice(0, 1) }];
      },
    );
    return { lines: worked(inner, shape, t('result')), inputs: inputs.slice(0, mostInputs) };
  }

  /** Kernels are not followed; their inputs may tell. */
  #ofKernel(): Pick<Trouble, 'beginnings' | 'cure'> {
    const { inputs, loss } = this.#request;
    for (const [name, { data, shape }] of Object.entries(inputs)) {
      const first = (data as Float64Array).findIndex((value) => !Number.isFinite(Number(value)));
      if (first < 0) continue;
      const index = position(shape, first);
      return {
        beginnings: [{ lines: [], inputs: [{ name, index, value: Float64Array.of(Number(data[first])) }] }],
        cure: t('The input itself is not finite. Look for what made it.'),
      };
    }
    return {
      beginnings: [],
      cure: /ctc/i.test(loss)
        ? t(
            'The target fits into no alignment: a target longer than its frames, or repeated labels without a frame for the blank between them. Lengthen the input, or let the loss give 0 there (zero_infinity).',
          )
        : t('The inputs are finite: the numbers are too large for the algorithm. Scale them down.'),
    };
  }
}

/** A loss this small at a flat place is nothing to complain of. */
const smallLoss = 1e-6;
const mostInputs = 4;

/** The first operation that holds its result at a bound, and what it was given there. */
function saturatedIn(trace: Trace): Pick<Origin, 'node' | 'place'> | undefined {
  const { values, sizes } = trace;
  for (const [node, results] of values) {
    if (node.kind !== 'apply') continue;
    const at = results.findIndex((result, i) => isHeld(node, result, i, values));
    if (at < 0) continue;
    let rest = at;
    const place = new Array<number>(sizes.length).fill(0);
    for (let d = sizes.length - 1; d >= 0; d--) {
      if (!(node.dims & (1 << d))) continue;
      place[d] = rest % sizes[d]!;
      rest = Math.floor(rest / sizes[d]!);
    }
    return { node, place };
  }
  return undefined;
}

function isHeld(
  { operation, args }: Expr & { kind: 'apply' },
  result: number,
  i: number,
  values: Trace['values'],
): boolean {
  switch (operation) {
    case 'clamp': {
      const [x, low, high] = args.map((arg) => values.get(arg)!);
      const given = x![x!.length === 1 ? 0 : i]!;
      return given <= low![0]! || given >= high![0]!;
    }
    case 'sigmoid':
      return result === 0 || result === 1;
    case 'tanh':
      return Math.abs(result) === 1;
    default:
      return false;
  }
}

const counted = (count: number, of: number): string =>
  of === 1 ? t('1 of 1 element') : t`${grouped(count)} of ${grouped(of)} elements`;

const countedEntries = (count: number, of: number): string =>
  of === 1 ? t('1 of 1 entry') : t`${grouped(count)} of ${grouped(of)} entries`;

const grouped = (count: number): string => count.toLocaleString('en-US');

const shown = (value: number): string => String(Number(value.toPrecision(7)));
