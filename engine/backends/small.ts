/**
 * Small problems on the CPU. The reference answers the first run, in a fraction of the time in which kernels would be
 * compiled; wasm those after it. Both compute in float64 over numbers rounded to the problem's dtype, so a slider that is
 * moved changes no digits but those that it should.
 */
import { cast } from '../array.ts';
import { topological } from '../language/expression.ts';
import { countOf } from '../language/space.ts';
import type { Backend, Problem, Result, Uniforms } from './backend.ts';
import { reference } from './reference/interpreter.ts';
import { wasm } from './wasm/backend.ts';

/** Positions, of all nodes together, that are interpreted in the time in which a worker thread wakes. */
const aWake = 400;
/** Positions that kernels are through with in less than it takes to tell another thread. */
const atOnce = 1 << 17;

export const small: Backend = {
  name: 'reference',
  prepare(problem) {
    const first = reference.prepare(problem);
    const total = positions(problem);
    if (!wasm.isAvailable() || total <= aWake) return first;
    const compiled = total <= atOnce ? wasm.prepareHere : wasm.prepare;
    let execution = first;
    let runs = 0;
    return {
      async run(uniforms, signal): Promise<Result> {
        if (runs++ === 0) return first.run(uniforms, signal);
        if (execution === first) execution = compiled(inFloat64(problem));
        return { ...(await execution.run(rounded(uniforms, problem), signal)), backend: 'wasm' };
      },
      dispose: () => execution.dispose(),
    };
  },
};

const positions = ({ numerator, denominator, elements, gradients, sizes }: Problem): number =>
  topological([numerator, denominator, ...Object.values(gradients), ...(elements ? [elements] : [])]).reduce(
    (total, { dims }) => total + countOf(dims, sizes),
    0,
  );

function inFloat64(problem: Problem): Problem {
  if (problem.dtype === 'float64') return problem;
  const arrays = Object.fromEntries(
    Object.entries(problem.arrays).map(([name, { data, strides }]) => [
      name,
      { data: data instanceof Float64Array ? cast(data, 'float32') : data, strides },
    ]),
  );
  return { ...problem, arrays, dtype: 'float64' };
}

const rounded = (uniforms: Uniforms, { dtype }: Problem): Uniforms =>
  dtype === 'float64'
    ? uniforms
    : Object.fromEntries(Object.entries(uniforms).map(([name, value]) => [name, Math.fround(value)]));
