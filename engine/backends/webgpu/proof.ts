/** What a GPU must get right before it is trusted: every function, every schedule and what later kernels read. */
import { t } from '@vscode/l10n';
import { LossLensError } from '../../errors.ts';
import type { Expr } from '../../language/expression.ts';
import * as x from '../../language/expression.ts';
import { simplify } from '../../language/simplify.ts';
import { compactStrides } from '../../language/space.ts';
import type { Execution, Problem, Result } from '../backend.ts';
import { reference } from '../reference/interpreter.ts';

const rows = 5;
const classes = 300;
const [batch, klass] = [1, 2];

/** The sizes make a workgroup's row of `classes`, an invocation's of `batch` in parts, and both in one problem. */
function problem(sizes: readonly [number, number]): Problem {
  const strides = (dims: number): number[] => compactStrides(dims, sizes);
  const placed = (dims: number, length: number, of: (i: number) => number) => ({
    data: Float32Array.from({ length }, (_, i) => of(i)),
    strides: strides(dims),
  });
  const score = x.input('score', batch | klass);
  const weight = x.input('weight', klass);
  const label = x.input('label', batch);
  const positive = x.abs(score);
  const logs = x.logSoftmax(score, klass);
  const terms: Expr[] = [
    x.mul(weight, logs),
    x.pow(positive, x.uniform('exponent')),
    x.pow(score, 3),
    x.tanh(score),
    x.softplus(score),
    x.sigmoid(score),
    x.expm1(x.mul(0.1, score)),
    x.sqrt(positive),
    x.max(x.log(x.max(score, 0, { tie: 0 })), -100, { tie: 0 }),
    x.clamp(score, -1, 2, { atBounds: 0 }),
    x.where(x.and(x.less(score, 0), x.lessEqual(-2, score)), x.xlogy(positive, positive), x.sign(score)),
    x.where(x.insideAt(klass, 1), x.shift(score, klass, 1), 0),
    x.pick(score, label, klass),
  ];
  const elements = terms.reduce((sum, term) => x.add(sum, term));
  const largest = x.maxOver(elements, batch | klass);
  const roots = simplify([
    x.sum(elements, batch | klass),
    x.add(x.sum(x.square(weight), klass), x.extent(batch)),
    elements,
    x.div(elements, largest),
    x.div(x.sum(x.mul(elements, x.sum(logs, klass)), batch), largest),
  ]) as [Expr, Expr, Expr, Expr, Expr];
  const [numerator, denominator, each, byScore, byWeight] = roots;
  return {
    sizes,
    dtype: 'float32',
    arrays: {
      score: placed(batch | klass, sizes[0] * sizes[1], (i) => 4 * Math.sin(1.7 * i) + 0.3),
      weight: placed(klass, sizes[1], (i) => 0.5 + (i % 7) / 5),
      label: placed(batch, sizes[0], (i) => (i * 13) % sizes[1]),
    },
    numerator,
    denominator,
    elements: each,
    gradients: { score: byScore, weight: byWeight },
  };
}

/** @throws LossLensError `gpu-refused` when an answer is further from the reference than any loss may be. */
export async function prove(prepare: (problem: Problem) => Execution): Promise<void> {
  const uniforms = { exponent: 2.3 };
  for (const sizes of [
    [rows, classes],
    [classes, rows],
  ] as const) {
    const own = problem(sizes);
    const expected = await reference.prepare(own).run(uniforms);
    const execution = prepare(own);
    try {
      const wrong = firstWrong(expected, await execution.run(uniforms));
      if (wrong)
        throw new LossLensError('gpu-refused', t('The GPU computes wrong numbers.'), { found: wrong });
    } finally {
      execution.dispose();
    }
  }
}

function firstWrong(expected: Result, actual: Result): string | undefined {
  const answers = arraysOf(actual);
  for (const [name, numbers] of Object.entries(arraysOf(expected))) {
    const largest = numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
    const answer = answers[name]!;
    for (const [i, number] of numbers.entries()) {
      // So written that NaN is wrong too.
      if (Math.abs(answer[i]! - number) <= 1e-5 * largest) continue;
      return `${answer[i]} instead of ${number} in ${name}`;
    }
  }
  return undefined;
}

function arraysOf({ numerator, denominator, elements, gradients }: Result): Record<string, Float64Array> {
  const { score, weight } = gradients;
  return {
    value: Float64Array.of(numerator),
    denominator: Float64Array.of(denominator),
    elements: Float64Array.from(elements!, Number),
    score: Float64Array.from(score!, Number),
    weight: Float64Array.from(weight!, Number),
  };
}
