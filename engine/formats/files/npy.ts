/** NumPy's file of one array: a header, which is a Python dictionary, and the elements. */
import { t } from '@vscode/l10n';
import { LossLensError } from '../../errors.ts';
import { type SourceDType, sizedCodes } from '../dtypes.ts';
import { type ByteSource, damaged, readBytes } from './bytes.ts';
import { checkShape, denseArray } from './dense.ts';
import type { FileArray } from './file-array.ts';

/** Magic, version, length of the header. */
const magic = '\x93NUMPY';
/** NumPy itself refuses longer ones. */
const longestHeader = 65_536;

const refused: Readonly<Record<string, () => string>> = {
  O: () => t('Python objects, which only running pickled code would bring back'),
  c: () => t('complex numbers, which no loss takes'),
  U: () => t('texts'),
  S: () => t('bytes'),
  a: () => t('bytes'),
  M: () => t('dates'),
  m: () => t('durations'),
  V: () => t('raw bytes without a dtype, as which NumPy saves bfloat16 and float8 too'),
  f: () => t('floating-point numbers of a size that depends on the machine'),
};

/** @throws LossLensError for what is no such file, or holds something other than numbers. */
export async function readNpy(source: ByteSource, name?: string): Promise<FileArray> {
  const start = await readBytes(source, 0, Math.min(12, source.size));
  if (latin1(start.subarray(0, 6)) !== magic) {
    throw damaged(t('This is no .npy file.'), t('other first bytes'), t('\\x93NUMPY, as np.save writes it'));
  }
  const version = start[6]!;
  const view = new DataView(start.buffer);
  const isLong = version === 2 || version === 3;
  if (version !== 1 && !isLong) {
    throw damaged(t('This version of the .npy format is not known.'), t`version ${version}`, t('1, 2 or 3'));
  }
  const headerAt = isLong ? 12 : 10;
  if (start.length < headerAt) await readBytes(source, 0, headerAt);
  const length = isLong ? view.getUint32(8, true) : view.getUint16(8, true);
  if (length > longestHeader) {
    throw damaged(
      t('The header of the .npy file is longer than any.'),
      t`${length} bytes`,
      t`at most ${longestHeader}`,
    );
  }
  const header = new TextDecoder().decode(await readBytes(source, headerAt, length));
  const { dtype, order, shape, columnMajor } = describe(header);
  checkShape(shape);
  const position = headerAt + length;
  const array = denseArray({
    ...(name !== undefined && { name }),
    dtype,
    shape,
    source,
    position,
    order,
    ...(columnMajor && { strides: shape.map((_, d) => shape.slice(0, d).reduce((a, b) => a * b, 1)) }),
  });
  if (source.size > position + array.bytes) {
    throw damaged(
      t('The .npy file is longer than the array that its header describes.'),
      t`${source.size} bytes`,
      t`${position + array.bytes} for ${dtype} [${shape.join(', ')}]`,
    );
  }
  return array;
}

function describe(header: string): {
  dtype: SourceDType;
  order: 'little' | 'big';
  shape: number[];
  columnMajor: boolean;
} {
  const descr = /'descr'\s*:\s*(?:'([^']*)'|([[(]))/.exec(header);
  const fortran = /'fortran_order'\s*:\s*(True|False)\b/.exec(header);
  const shape = /'shape'\s*:\s*\(((?:\s*\d+L?\s*,)*\s*(?:\d+L?)?\s*)\)/.exec(header);
  if (!descr || !fortran || !shape) {
    throw damaged(
      t('The header of the .npy file cannot be read.'),
      JSON.stringify(header.slice(0, 120)),
      "'descr', 'fortran_order' and 'shape'",
    );
  }
  if (descr[2]) {
    throw new LossLensError('dtype', t('The .npy file holds records of several fields.'), {
      found: header.slice(descr.index, descr.index + 120),
      expected: t("one dtype: save a field alone, as array['field']"),
    });
  }
  const extents = shape[1]!.split(',').filter((extent) => extent.trim() !== '');
  return {
    ...dtypeOf(descr[1]!),
    columnMajor: fortran[1] === 'True',
    shape: extents.map((extent) => Number.parseInt(extent, 10)),
  };
}

function dtypeOf(code: string): { dtype: SourceDType; order: 'little' | 'big' } {
  const [, order, kind] = /^([<>|=]?)(.*)$/.exec(code)!;
  const known = kind === '?' ? 'b1' : kind!;
  if (Object.hasOwn(sizedCodes, known))
    return { dtype: sizedCodes[known]!, order: order === '>' ? 'big' : 'little' };
  const reason = refused[known.charAt(0)]?.() ?? t('elements of a dtype that is not known here');
  throw new LossLensError('dtype', t`The .npy file holds ${reason}.`, {
    found: t`dtype '${code}'`,
    expected: t('an array of numbers or truth values: convert it with .astype(np.float32) before saving'),
  });
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
