/** Where the elements of one array lie in another. */
import { t } from '@vscode/l10n';
import { sizeOf } from '../../array.ts';
import { LossLensError } from '../../errors.ts';

/** Two gigabytes of float64. */
const mostNumbers = 2 ** 28;

/** @throws LossLensError `out-of-memory` before anything so large is made. */
export function requireRoom(shape: readonly number[]): void {
  if (sizeOf(shape) <= mostNumbers && shape.every((extent) => extent >= 0 && Number.isInteger(extent)))
    return;
  throw new LossLensError('out-of-memory', t('A layer of the network is too large.'), {
    found: `shape [${shape.join(', ')}]`,
    expected: t`whole extents, and at most ${mostNumbers} numbers`,
  });
}

/** Places along one axis: more than any image or sound has. */
const longest = 2 ** 22;

/** @throws LossLensError `out-of-memory` before so many places are listed. */
export function requireExtent(extent: number): void {
  if (extent <= longest) return;
  throw new LossLensError('out-of-memory', t('A layer of the network is too long.'), {
    found: t`${extent} along one axis`,
    expected: t`at most ${longest}`,
  });
}

/** Row-major strides. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = stride;
    stride *= shape[d]!;
  }
  return strides;
}

/** For each element of `shape`, row-major: Σ index · stride. */
export function walk(shape: readonly number[], strides: readonly number[]): Int32Array {
  requireRoom(shape);
  let places: Int32Array = Int32Array.of(0);
  // The innermost dimensions are laid out last, so each step repeats what is there with an offset.
  for (let d = 0; d < shape.length; d++) {
    const [extent, stride] = [shape[d]!, strides[d]!];
    const next = new Int32Array(places.length * extent);
    for (let i = 0, at = 0; i < places.length; i++) {
      for (let j = 0; j < extent; j++) next[at++] = places[i]! + j * stride;
    }
    places = next;
  }
  return places;
}

/**
 * For each element of the result: its source, where each axis is taken by a list of source indices (−1: nowhere), or
 * as it is.
 */
export function select(
  shape: readonly number[],
  sources: readonly (ArrayLike<number> | undefined)[],
): { readonly shape: number[]; readonly places: Int32Array } {
  requireRoom(shape.map((extent, d) => sources[d]?.length ?? extent));
  const strides = stridesOf(shape);
  let places: Int32Array = Int32Array.of(0);
  const result: number[] = [];
  for (let d = 0; d < shape.length; d++) {
    const source = sources[d] ?? Array.from({ length: shape[d]! }, (_, i) => i);
    const stride = strides[d]!;
    const next = new Int32Array(places.length * source.length);
    for (let i = 0, at = 0; i < places.length; i++) {
      for (let j = 0; j < source.length; j++) {
        const from = source[j]!;
        next[at++] = places[i]! < 0 || from < 0 ? -1 : places[i]! + from * stride;
      }
    }
    places = next;
    result.push(source.length);
  }
  return { shape: result, places };
}

/** The shape that arrays of these shapes have together; `undefined` where they do not fit. */
export function broadcastShape(shapes: readonly (readonly number[])[]): number[] | undefined {
  const rank = Math.max(...shapes.map(({ length }) => length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    const offset = rank - shape.length;
    for (let d = 0; d < shape.length; d++) {
      const extent = shape[d]!;
      if (extent === 1) continue;
      if (result[offset + d] !== 1 && result[offset + d] !== extent) return undefined;
      result[offset + d] = extent;
    }
  }
  return result;
}

/** For each element of `result`: the element of a smaller array that is repeated there; `undefined` for itself. */
export function repeated(shape: readonly number[], result: readonly number[]): Int32Array | undefined {
  if (sizeOf(shape) === sizeOf(result)) return undefined;
  const own = stridesOf(shape);
  const offset = result.length - shape.length;
  const strides = result.map((_, d) => (d < offset || shape[d - offset] === 1 ? 0 : own[d - offset]!));
  return walk(result, strides);
}
