/** The files that real libraries wrote, and how tests open files. */
import { readFileSync } from 'node:fs';
import { decoders, readFileArrays, sourceOf } from '../../../../engine/formats/files/node.ts';

const folder = new URL('../../../golden/data/array-files/', import.meta.url);

export interface Expected {
  readonly name?: string;
  /** As its file calls it, and as it is given where that is another: missing whole numbers. */
  readonly dtype: string;
  readonly offered?: string;
  readonly shape: readonly number[];
  readonly values?: readonly (number | string | { readonly integer: string })[];
  readonly zeros?: boolean;
  /** The values of the picture, divided by this. */
  readonly of?: number;
  /** The code of the refusal. */
  readonly refused?: string;
}

export const expected: {
  readonly read: Readonly<Record<string, readonly Expected[]>>;
  readonly refused: Readonly<Record<string, readonly [string, string]>>;
} = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8'));

export const bytesOfFile = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));

export const openBytes = (name: string, bytes: Uint8Array): ReturnType<typeof readFileArrays> =>
  readFileArrays(name, sourceOf(bytes), decoders);
