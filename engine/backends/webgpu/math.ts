/**
 * Functions that WGSL's own are not exact enough for, or leave undefined: built from division, multiplication and
 * `exp` near 0 alone. Each is within 1e-6 of its value, where that is a normal float32 number. What is not finite is
 * told by its bits, since a shader may assume that there is no such number.
 */

/** A call of one of the functions below. */
export const call =
  (name: string) =>
  (...args: readonly string[]): string =>
    `${name}(${args.join(', ')})`;

const library = /* wgsl */ `
// Read as variables, for WGSL refuses constants that are not finite.
var<private> infiniteBits: u32 = 0x7f800000u;
var<private> nanBits: u32 = 0x7fc00000u;

fn isNaN(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

fn larger(a: f32, b: f32) -> f32 {
  return select(max(a, b), bitcast<f32>(nanBits), isNaN(a) || isNaN(b));
}

fn smaller(a: f32, b: f32) -> f32 {
  return select(min(a, b), bitcast<f32>(nanBits), isNaN(a) || isNaN(b));
}

// WGSL defines sqrt by its reciprocal, which 0 has none of.
fn squareRoot(x: f32) -> f32 {
  return select(sqrt(x), x, x == 0f);
}

fn powerOfTwo(n: i32) -> f32 {
  return bitcast<f32>(u32(n + 127) << 23u);
}

// The error of WGSL's exp grows with its argument: it is given the rest beyond whole powers of two.
fn exponential(x: f32) -> f32 {
  if (isNaN(x)) { return x; }
  if (x > 88.722839f) { return bitcast<f32>(infiniteBits); }
  if (x < -87.336544f) { return 0f; }
  let n = round(x * 1.44269504f);
  let rest = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  let half = i32(n) / 2i;
  return exp(rest) * powerOfTwo(half) * powerOfTwo(i32(n) - half);
}

// 2 atanh(f / (2 + f)), for |f| up to 0.42.
fn log1pNear0(f: f32) -> f32 {
  let s = f / (2f + f);
  let z = s * s;
  return 2f * s * (1f + z * (0.333333333f + z * (0.2f + z * (0.142857143f + z * 0.111111111f))));
}

fn logarithm(x: f32) -> f32 {
  let bits = bitcast<i32>(x);
  if ((bits & 0x7f800000i) == 0x7f800000i) {
    return select(bitcast<f32>(nanBits), x, bits == 0x7f800000i);
  }
  if (x <= 0f) { return select(bitcast<f32>(nanBits), -bitcast<f32>(infiniteBits), x == 0f); }
  // x = 2^k m with m between the roots of 1/2 and of 2.
  let k = (bits - 0x3f3504f3i) >> 23u;
  let m = bitcast<f32>(bits - (k << 23u));
  return f32(k) * 0.693359375f + (log1pNear0(m - 1f) - f32(k) * 2.12194440e-4f);
}

fn log1p(x: f32) -> f32 {
  if (abs(x) < 0.4f) { return log1pNear0(x); }
  return logarithm(1f + x);
}

fn expm1(x: f32) -> f32 {
  if (abs(x) > 0.5f || isNaN(x)) { return exponential(x) - 1f; }
  return x * (1f + x / 2f * (1f + x / 3f * (1f + x / 4f * (1f + x / 5f * (1f + x / 6f * (1f + x / 7f))))));
}

fn hyperbolicTangent(x: f32) -> f32 {
  if (isNaN(x)) { return x; }
  let twice = expm1(2f * min(abs(x), 10f));
  return sign(x) * (twice / (twice + 2f));
}

// Of a positive base: its power of two apart, so that the exponential sees little.
fn positivePower(a: f32, b: f32) -> f32 {
  let bits = bitcast<i32>(a);
  if (bits == 0x7f800000i) { return select(0f, a, b > 0f); }
  let k = (bits - 0x3f3504f3i) >> 23u;
  let m = bitcast<f32>(bits - (k << 23u));
  // b k without rounding, from the upper half of the bits of b and the rest.
  let upper = bitcast<f32>(bitcast<u32>(b) & 0xfffff000u);
  let twos = clamp(upper * f32(k), -1000f, 1000f);
  let whole = round(twos);
  let rest = (twos - whole) + (b - upper) * f32(k);
  let factor = exponential(rest * 0.693147181f + b * log1pNear0(m - 1f));
  let n = clamp(i32(whole), -250i, 250i);
  let half = n / 2i;
  return factor * powerOfTwo(half) * powerOfTwo(n - half);
}

fn power(a: f32, b: f32) -> f32 {
  if (b == 0f || a == 1f) { return 1f; }
  if (isNaN(a) || isNaN(b)) { return bitcast<f32>(nanBits); }
  if (a == 0f) { return select(bitcast<f32>(infiniteBits), 0f, b > 0f); }
  let isWhole = b == floor(b);
  if (isWhole && abs(b) <= 32f) {
    var rest = u32(abs(b));
    var square = a;
    var product = 1f;
    while (rest > 0u) {
      if ((rest & 1u) == 1u) { product *= square; }
      square *= square;
      rest >>= 1u;
    }
    return select(product, 1f / product, b < 0f);
  }
  if (a < 0f && !isWhole) { return bitcast<f32>(nanBits); }
  let isOdd = b * 0.5f != floor(b * 0.5f);
  return select(1f, -1f, a < 0f && isOdd) * positivePower(abs(a), b);
}
`;

/** The library's parts by the name that each declares. */
const parts = new Map(
  library
    .split(/\n(?=(?:\/\/.*\n)*(?:fn|var))/)
    .map(
      (part) => [/^(?:fn|var<private>) (\w+)/m.exec(part)?.[1], part.replaceAll(/^\/\/.*\n/gm, '')] as const,
    )
    .filter((named): named is [string, string] => named[0] !== undefined),
);

/** The functions that a text calls, and those that they call: compilers take their time over what is not needed. */
export function functionsFor(text: string): string {
  const needed = new Set<string>();
  const search = (of: string): void => {
    for (const [name] of of.matchAll(/\b[a-zA-Z]\w*/g)) {
      const part = parts.get(name);
      if (part === undefined || needed.has(name)) continue;
      needed.add(name);
      search(part);
    }
  };
  search(text);
  return [...needed].map((name) => parts.get(name)!).join('\n');
}
