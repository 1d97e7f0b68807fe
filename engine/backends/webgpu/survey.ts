/** What has to be known of an output that stays on the GPU: whether all of it is finite, and where its largest number is. */

/** Invocations that share an output: at most so many workgroups of so many, each with so many numbers at least. */
const [mostGroups, invocations, fewest] = [256, 64, 16];
/** What each leaves: its largest number, where that is, and whether all were finite. */
const wordsOfInvocation = 3;

export const surveyGroups = (length: number): number =>
  Math.min(mostGroups, Math.ceil(length / (invocations * fewest)));
export const surveyLength = (length: number): number =>
  wordsOfInvocation * invocations * surveyGroups(length);

/**
 * Its bindings are the output and the survey; the one word of its block says how long the output is. The invocations do
 * not meet: what they leave is little to read back, and barriers are what software adapters are slowest at.
 */
export const surveyText = /* wgsl */ `
struct Block { length: u32, a: u32, b: u32, c: u32 }
@group(0) @binding(0) var<uniform> block: Block;
@group(0) @binding(1) var<storage, read_write> numbers: array<u32>;
@group(0) @binding(2) var<storage, read_write> survey: array<u32>;

// Bits whose order as whole numbers is that of the numbers: what is not finite never meets a comparison of floats.
fn orderOf(bits: u32) -> u32 {
  return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

@compute @workgroup_size(${invocations})
fn main(@builtin(global_invocation_id) own: vec3u, @builtin(num_workgroups) groups: vec3u) {
  var largest = 0u;
  var at = 0xffffffffu;
  var notFinite = 0u;
  for (var i = own.x; i < block.length; i += groups.x * ${invocations}u) {
    let bits = numbers[i];
    notFinite |= select(0u, 1u, (bits & 0x7f800000u) == 0x7f800000u);
    let order = orderOf(bits);
    if (order > largest) {
      largest = order;
      at = i;
    }
  }
  survey[${wordsOfInvocation}u * own.x] = largest;
  survey[${wordsOfInvocation}u * own.x + 1u] = at;
  survey[${wordsOfInvocation}u * own.x + 2u] = notFinite;
}`;

/** All invocations together. */
export function surveyed(survey: Float32Array): { readonly allFinite: boolean; readonly largest: number } {
  const words = new Uint32Array(survey.buffer, survey.byteOffset, survey.length);
  let [order, largest, notFinite] = [-1, 0, 0];
  for (let i = 0; i < words.length; i += wordsOfInvocation) {
    const [own, at] = [words[i]!, words[i + 1]!];
    if (own > order || (own === order && at < largest)) [order, largest] = [own, at];
    notFinite |= words[i + 2]!;
  }
  return { allFinite: notFinite === 0, largest };
}
