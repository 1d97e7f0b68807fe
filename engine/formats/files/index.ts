/**
 * Files of arrays: what their names say that they are, described without reading more than that needs. Nothing in a
 * file is run, and a file that contradicts itself is refused.
 */
import { t } from '@vscode/l10n';
import { LossLensError } from '../../errors.ts';
import { type ByteSource, damaged } from './bytes.ts';
import type { Decoders } from './decoders.ts';
import type { FileArray } from './file-array.ts';
import { isRefused, type Refused } from './several.ts';

export { type ByteSource, sizeText, sourceOf } from './bytes.ts';
export type { Codec, Decoders } from './decoders.ts';
export type { FileArray, Reading } from './file-array.ts';
export { isRefused, type Refused } from './several.ts';

type Read = (source: ByteSource, decoders: Decoders) => Promise<readonly (FileArray | Refused)[]>;

/** Each with its own libraries, which are loaded when a file asks for them. */
const readers: Readonly<Record<string, Read>> = {
  npy: async (source) => [await (await import('./npy.ts')).readNpy(source)],
  npz: async (source) => (await import('./npz.ts')).readNpz(source),
  csv: async (source) => (await import('./csv/index.ts')).readCsv(source),
  tsv: async (source) => (await import('./csv/index.ts')).readCsv(source, '\t'),
  json: async (source) => (await import('./json.ts')).readJson(source),
  parquet: async (source, decoders) => (await import('./parquet/index.ts')).readParquet(source, decoders),
  safetensors: async (source) => (await import('./safetensors.ts')).readSafetensors(source),
  pt: async (source) => (await import('./torch.ts')).readTorch(source),
  pth: async (source) => (await import('./torch.ts')).readTorch(source),
  png: async (source, decoders) => (await import('./image.ts')).readImage(source, 'png', decoders),
  jpg: async (source, decoders) => (await import('./image.ts')).readImage(source, 'jpeg', decoders),
  jpeg: async (source, decoders) => (await import('./image.ts')).readImage(source, 'jpeg', decoders),
  webp: async (source, decoders) => (await import('./image.ts')).readImage(source, 'webp', decoders),
};

/** Without dots. */
export const fileEndings: readonly string[] = Object.keys(readers);

/**
 * The arrays of a file, and those in it that cannot be had.
 * @param name  ends in one of `fileEndings`
 * @throws LossLensError for a file that cannot be read as what it is called.
 */
export async function readFileArrays(
  name: string,
  source: ByteSource,
  decoders: Decoders,
): Promise<readonly (FileArray | Refused)[]> {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const read = Object.hasOwn(readers, ending) ? readers[ending] : undefined;
  if (!read) {
    throw new LossLensError('damaged-file', t('Files of this kind are not read for arrays.'), {
      found: name,
      expected: fileEndings.map((known) => `.${known}`).join(', '),
    });
  }
  const arrays = await read(source, decoders);
  if (arrays.length === 0) throw damaged(t`${name} holds no arrays.`, 'none', t('at least one'));
  const [first] = arrays;
  if (arrays.every(isRefused) && first && isRefused(first)) throw first.refusal;
  return arrays;
}
