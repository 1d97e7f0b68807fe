/** What has to be known of an output that stays on the GPU: whether all of it is finite, and where its largest number is. */

/** Workgroups that share an output, and the invocations of each. */
const [mostGroups, invocations] = [256, 256];
/** What each leaves: its largest number, where that is, and whether all were finite. */
const wordsOfGroup = 3;

export const surveyGroups = (length: number): number => Math.min(mostGroups, Math.ceil(length / invocations));
export const surveyLength = (length: number): number => wordsOfGroup * surveyGroups(length);

/** Its bindings are the output and the survey; the one word of its block says how long the output is. */
export const surveyText = /* wgsl */ `
struct Block { length: u32, a: u32, b: u32, c: u32 }
@group(0) @binding(0) var<uniform> block: Block;
@group(0) @binding(1) var<storage, read_write> numbers: array<u32>;
@group(0) @binding(2) var<storage, read_write> survey: array<u32>;

struct Seen { order: u32, at: u32, unsafe_: u32 }
var<workgroup> lanes: array<Seen, ${invocations}>;

// Bits whose order as whole numbers is that of the numbers: what is not finite never meets a comparison of floats.
fn orderOf(bits: u32) -> u32 {
  return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

fn together(a: Seen, b: Seen) -> Seen {
  let isB = b.order > a.order || (b.order == a.order && b.at < a.at);
  return Seen(select(a.order, b.order, isB), select(a.at, b.at, isB), a.unsafe_ | b.unsafe_);
}

@compute @workgroup_size(${invocations})
fn main(
  @builtin(local_invocation_index) own: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  var seen = Seen(0u, 0xffffffffu, 0u);
  for (var i = group.x * ${invocations}u + own; i < block.length; i += groups.x * ${invocations}u) {
    let bits = numbers[i];
    seen = together(seen, Seen(orderOf(bits), i, select(0u, 1u, (bits & 0x7f800000u) == 0x7f800000u)));
  }
  lanes[own] = seen;
  workgroupBarrier();
  for (var step = ${invocations / 2}u; step > 0u; step /= 2u) {
    if (own < step) { lanes[own] = together(lanes[own], lanes[own + step]); }
    workgroupBarrier();
  }
  if (own == 0u) {
    survey[${wordsOfGroup}u * group.x] = lanes[0].order;
    survey[${wordsOfGroup}u * group.x + 1u] = lanes[0].at;
    survey[${wordsOfGroup}u * group.x + 2u] = lanes[0].unsafe_;
  }
}`;

/** All workgroups together. */
export function surveyed(survey: Float32Array): { readonly allFinite: boolean; readonly largest: number } {
  const words = new Uint32Array(survey.buffer, survey.byteOffset, survey.length);
  let [order, largest, unsafe] = [-1, 0, 0];
  for (let i = 0; i < words.length; i += wordsOfGroup) {
    const [own, at] = [words[i]!, words[i + 1]!];
    if (own > order || (own === order && at < largest)) [order, largest] = [own, at];
    unsafe |= words[i + 2]!;
  }
  return { allFinite: unsafe === 0, largest };
}
