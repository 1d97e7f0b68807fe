/** One problem on both backends that compute on the CPU, and where they differ by more than rounding. */
import type { Problem, Result } from '../../../engine/backends/backend.ts';
import { interpret, reference } from '../../../engine/backends/reference/interpreter.ts';
import { wasm } from '../../../engine/backends/wasm/backend.ts';
import type { TestLoss } from '../language/graphs.ts';
import { problemOf, written } from '../language/graphs.ts';

async function onWasm(problem: Problem, uniforms: TestLoss['uniforms']): Promise<Result> {
  const execution = wasm.prepare(problem);
  try {
    return await execution.run(uniforms);
  } finally {
    execution.dispose();
  }
}

/** Every number that wasm gives and the reference does not; none when they agree. */
export async function disagreements(
  loss: TestLoss,
  dtype: Problem['dtype'],
  withElements: boolean,
): Promise<string[]> {
  const problem = problemOf(loss, dtype, withElements);
  return disagreementsOf(problem, loss.uniforms, await onWasm(problem, loss.uniforms));
}

/** The same of numbers that are there. Rounding is measured against the largest value that the graph holds anywhere. */
export async function disagreementsOf(
  problem: Problem,
  uniforms: TestLoss['uniforms'],
  actual: Result,
): Promise<string[]> {
  const { dtype } = problem;
  const expected = await reference.prepare(problem).run(uniforms);

  let scale = 1;
  const roots = [problem.numerator, problem.denominator, ...Object.values(problem.gradients)];
  for (const [node, values] of interpret(problem, roots, uniforms)) {
    if (node.kind === 'index' || node.kind === 'extent') continue;
    for (const value of values) {
      if (Math.abs(value) > scale && Number.isFinite(value)) scale = Math.abs(value);
    }
  }
  const tolerance = scale * (dtype === 'float32' ? 1e-4 : 1e-11);

  const found: string[] = [];
  const compare = (what: string, ours: ArrayLike<number | bigint>, theirs: ArrayLike<number | bigint>) => {
    if (ours.length !== theirs.length) {
      found.push(`${what}: ${ours.length} numbers, the reference has ${theirs.length}`);
      return;
    }
    for (let i = 0; i < theirs.length; i++) {
      const [a, b] = [Number(ours[i]), Number(theirs[i])];
      const agree = a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= tolerance;
      if (agree) continue;
      found.push(`${what} at ${i}: ${a}, the reference gives ${b}`);
      return;
    }
  };
  compare('numerator', [actual.numerator], [expected.numerator]);
  compare('denominator', [actual.denominator], [expected.denominator]);
  if (problem.elements) compare('elements', actual.elements!, expected.elements!);
  for (const [name, gradient] of Object.entries(expected.gradients)) {
    compare(`gradient by ${name}`, actual.gradients[name]!, gradient);
  }
  return found;
}

/** A loss as one reads it, for the message of a failing property. */
export const describeLoss = (loss: TestLoss): string =>
  [
    `sizes [${loss.sizes}], parameters ${JSON.stringify(loss.uniforms)}`,
    ...Object.entries(loss.arrays).map(
      ([name, { data, strides }]) =>
        `${name}: ${data.constructor.name}(${data.length}), strides [${strides}]`,
    ),
    `elements ${written(loss.elements)}`,
    ...(loss.weight ? [`weight ${written(loss.weight)}`] : []),
  ].join('\n');
