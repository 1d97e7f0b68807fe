/** Files of several arrays: one that is refused leaves the others. */
import { t } from '@vscode/l10n';
import { LossLensError } from '../../errors.ts';
import type { FileArray } from './file-array.ts';

/** A table as one array, a row of it a row. */
export const allColumns = (): string => t('all columns');

/** An array that cannot be had, and why. */
export interface Refused {
  readonly name: string;
  readonly refusal: LossLensError;
}

export const isRefused = (one: FileArray | Refused): one is Refused => 'refusal' in one;

export async function readEach<T>(
  items: Iterable<T>,
  nameOf: (item: T) => string,
  read: (item: T, name: string) => FileArray | Promise<FileArray>,
): Promise<readonly (FileArray | Refused)[]> {
  const arrays: (FileArray | Refused)[] = [];
  for (const item of items) {
    const name = nameOf(item);
    try {
      arrays.push(await read(item, name));
    } catch (error) {
      if (!(error instanceof LossLensError)) throw error;
      arrays.push({ name, refusal: error });
    }
  }
  return arrays;
}
