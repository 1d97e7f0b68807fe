/** How numbers and indices are written. */
import { t } from '@vscode/l10n';

export { exact, short } from '../engine/presentation/numbers.ts';

export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** `[2, 3]` of the element `row` of an array of this shape; the bare number where there is one axis. */
export function indexOf(row: number, shape: readonly number[]): string {
  if (shape.length === 0) return '[]';
  const index: number[] = [];
  let rest = row;
  for (const extent of shape.toReversed()) {
    index.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return index.length === 1 ? String(index[0]) : `[${index.join(', ')}]`;
}

/** The inverse of `indexOf`, as a person types it; undefined where there is no such element. */
export function rowOf(text: string, shape: readonly number[]): number | undefined {
  const index = text.match(/\d+/g)?.map(Number) ?? [];
  if (!/^[\s[\](),\d]*$/.test(text) || index.length !== shape.length || index.length === 0) return undefined;
  if (index.some((position, axis) => position >= shape[axis]!)) return undefined;
  return index.reduce((row, position, axis) => row * shape[axis]! + position, 0);
}

/** `[4, 3]`; `scalar` for none. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? t('scalar') : `[${shape.join(', ')}]`;
}

/** How many they are. */
export const elementsText = (count: number): string =>
  count === 1 ? t('1 element') : t`${grouped(count)} elements`;

export const nonFiniteText = (count: number): string =>
  count === 1 ? t('1 element is NaN or infinite.') : t`${grouped(count)} elements are NaN or infinite.`;
