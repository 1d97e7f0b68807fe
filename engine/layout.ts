/** How inputs lie in the space: the common layouts, and the refusals when shapes do not fit them. */
import { t } from '@vscode/l10n';
import { sizeOf } from './array.ts';
import { type Call, describe } from './definition.ts';
import { LossLensError } from './errors.ts';
import type { Input } from './language/expression.ts';
import { Space } from './language/space.ts';

const text = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export function shapeMismatch(call: Call, first: string, second: string, sentence: string): LossLensError {
  return new LossLensError('shape-mismatch', sentence, {
    found: `${first} ${text(call.shape(first))}, ${second} ${text(call.shape(second))}`,
    expected: t('two equal shapes'),
  });
}

/**
 * Inputs of one shape, element by element. The last dimension belongs to `lastAxis`, the others to `batch`.
 * @throws LossLensError `shape-mismatch`.
 */
export function elementwise(call: Call, names: readonly [string, ...string[]], lastAxis = 'batch'): Input[] {
  const [first, ...others] = names;
  const shape = call.shape(first);
  for (const other of others) {
    if (!sameShape(shape, call.shape(other))) {
      throw shapeMismatch(call, first, other, t`${call.definition.name} compares element by element.`);
    }
  }
  call.space = new Space(
    shape.map((size, d) => ({ axis: d === shape.length - 1 ? lastAxis : 'batch', size })),
  );
  return names.map((name) => call.place(name, range(shape.length)));
}

/** The shape that NumPy's broadcasting gives; `undefined` where it refuses. */
export function broadcastShape(...shapes: readonly (readonly number[])[]): number[] | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (let i = 0; i < shape.length; i++) {
      const d = rank - shape.length + i;
      if (shape[i] === 1) continue;
      if (result[d] !== 1 && result[d] !== shape[i]) return undefined;
      result[d] = shape[i]!;
    }
  }
  return result;
}

/** Places an input as NumPy broadcasts it: aligned at the last dimension of `shape`, extents of 1 repeated. */
export function placeBroadcast(call: Call, name: string): Input {
  const sizes = call.space.sizes;
  const shape = call.shape(name);
  const offset = sizes.length - shape.length;
  return call.place(
    name,
    shape.map((size, i) => (size === 1 && sizes[offset + i] !== 1 ? -1 : offset + i)),
  );
}

/**
 * Inputs that the framework broadcasts against each other, all over `batch`.
 * @throws LossLensError `shape-mismatch` where even broadcasting does not fit them.
 */
export function broadcast(call: Call, names: readonly [string, ...string[]]): Input[] {
  const shape = broadcastShape(...names.map((name) => call.shape(name)));
  if (!shape) {
    throw new LossLensError(
      'shape-mismatch',
      t`${call.definition.name} cannot broadcast these shapes together.`,
      {
        found: names.map((name) => `${name} ${text(call.shape(name))}`).join(', '),
        expected: t('equal shapes, or extents of 1 where they differ'),
      },
    );
  }
  call.space = new Space(shape.map((size) => ({ axis: 'batch', size })));
  return names.map((name) => placeBroadcast(call, name));
}

/** The space of a prediction whose dimension `axis` holds the classes; the others are `batch`. */
export function classSpace(shape: readonly number[], axis: number): Space {
  return new Space(shape.map((size, d) => ({ axis: d === axis ? 'class' : 'batch', size })));
}

/**
 * A dimension's number from a Python-style axis, which may count from the end.
 * @throws LossLensError `parameter` when the array has no such axis.
 */
export function axisOf(call: Call, name: string, axis: number): number {
  const rank = call.shape(name).length;
  const dimension = axis < 0 ? axis + rank : axis;
  if (dimension < 0 || dimension >= rank) {
    throw new LossLensError('parameter', t`${name} has no axis ${axis}.`, {
      found: describe(call.array(name)),
      expected: t`an array with an axis ${axis}`,
    });
  }
  return dimension;
}

/** A prediction placed whole, with its class axis; and the dimensions that remain without that axis. */
export function placeWithClasses(
  call: Call,
  name: string,
  axis: number,
): { prediction: Input; rest: number[] } {
  call.space = classSpace(call.shape(name), axis);
  const all = range(call.shape(name).length);
  return { prediction: call.place(name, all), rest: all.filter((d) => d !== axis) };
}

/** Where in an array of this shape a flat index is. */
export function position(shape: readonly number[], flat: number): number[] {
  const result = new Array<number>(shape.length);
  let rest = flat;
  for (let d = shape.length - 1; d >= 0; d--) {
    result[d] = rest % shape[d]!;
    rest = Math.floor(rest / shape[d]!);
  }
  return result;
}

/**
 * Refuses an array that holds values a loss cannot take, with the first of them and how many there are.
 * One pass over the data, once a `prepare`.
 */
export function requireValues(
  call: Call,
  name: string,
  isFine: (value: number) => boolean,
  code: 'domain' | 'label-out-of-range' | 'dtype',
  sentence: string,
  expected: string,
): void {
  const { data, shape } = call.array(name);
  let count = 0;
  let first = -1;
  for (let i = 0; i < data.length; i++) {
    if (isFine(Number(data[i]))) continue;
    if (count++ === 0) first = i;
  }
  if (count === 0) return;
  const where = position(shape, first);
  throw new LossLensError(code, sentence, {
    found:
      count > 1
        ? t`${String(data[first])} at [${where.join(', ')}] of ${name}, and ${count - 1} more of ${sizeOf(shape)}`
        : t`${String(data[first])} at [${where.join(', ')}] of ${name}`,
    expected,
    count,
    index: where,
  });
}
