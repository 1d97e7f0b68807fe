/** The WGSL that kernels are put together from: what stands around their code, and reductions across invocations. */
import type { Reduction } from '../../../language/expression.ts';

/**
 * The buffer in which kernels leave things for each other: what they reduced (numbers, then arrays over the dimensions
 * that are kept), then the shares of what is still to be merged.
 */
export const scratch = 'scratch';

/** What a reduction of finite numbers starts from. */
export const identity: Readonly<Record<Reduction, string>> = {
  sum: '0f',
  max: '-3.4028234663852886e38f',
  min: '3.4028234663852886e38f',
};

export const combine: Readonly<Record<Reduction, (a: string, b: string) => string>> = {
  sum: (a, b) => `${a} + ${b}`,
  max: (a, b) => `larger(${a}, ${b})`,
  min: (a, b) => `smaller(${a}, ${b})`,
};

/** The declarations of a kernel's uniform block, of so many words, and of its buffers. */
export const header = (bindings: readonly string[], words: number): string =>
  [
    `@group(0) @binding(0) var<uniform> words: array<vec4u, ${Math.max(1, Math.ceil(words / 4))}>;`,
    ...bindings.map((name, i) => {
      const access = name.startsWith('input:') ? 'read' : 'read_write';
      return `@group(0) @binding(${i + 1}) var<storage, ${access}> ${variable(i)}: array<f32>;`;
    }),
  ].join('\n');

/** What the kernel calls the buffer of a binding, and the word of its uniform block. */
export const variable = (binding: number): string => `array${binding}`;
export const word = (i: number): string => `words[${i >> 2}].${'xyzw'[i & 3]}`;

/** The beginning of the kernel's one function. */
export const entry = (invocations: number): string => `@compute @workgroup_size(${invocations})
fn main(
  @builtin(local_invocation_index) own: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {`;

/** One number out of a workgroup's invocations: all of them must call it, and all get the result. */
const acrossWorkgroup = (reduction: Reduction, invocations: number): string => `
fn ${reduction}OfWorkgroup(own: u32, value: f32) -> f32 {
  lanes[own] = value;
  workgroupBarrier();
  for (var step = ${invocations / 2}u; step > 0u; step /= 2u) {
    if (own < step) { lanes[own] = ${combine[reduction]('lanes[own]', 'lanes[own + step]')}; }
    workgroupBarrier();
  }
  let result = lanes[0];
  workgroupBarrier();
  return result;
}`;

/** `sumOfWorkgroup` and the like, for those of the reductions that a kernel calls. */
export const workgroupFunctions = (reductions: Iterable<Reduction>, invocations: number): string => {
  const texts = [...reductions].map((reduction) => acrossWorkgroup(reduction, invocations));
  return texts.length === 0 ? '' : [`var<workgroup> lanes: array<f32, ${invocations}>;`, ...texts].join('\n');
};
