/** Hugging Face's file of tensors: a header in JSON, and their bytes. */
import { t } from '@vscode/l10n';
import { sizeOf } from '../../array.ts';
import { LossLensError } from '../../errors.ts';
import type { SourceDType } from '../dtypes.ts';
import { type ByteSource, damaged, readBytes } from './bytes.ts';
import { checkShape, denseArray } from './dense.ts';
import { widthOf } from './elements.ts';
import type { FileArray } from './file-array.ts';
import { type Refused, readEach } from './several.ts';

/** The library's own limit. */
const longestHeader = 100_000_000;

const dtypes: Readonly<Record<string, SourceDType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F8_E4M3: 'float8_e4m3fn',
  F8_E5M2: 'float8_e5m2',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U64: 'uint64',
  U32: 'uint32',
  U16: 'uint16',
  U8: 'uint8',
  BOOL: 'bool',
};

export async function readSafetensors(source: ByteSource): Promise<readonly (FileArray | Refused)[]> {
  const start = await readBytes(source, 0, Math.min(8, source.size));
  const length = start.length < 8 ? Number.NaN : Number(new DataView(start.buffer).getBigUint64(0, true));
  if (!(length <= Math.min(longestHeader, source.size - 8))) {
    throw damaged(
      t('This is no .safetensors file, or one that was cut off.'),
      Number.isNaN(length)
        ? t`${source.size} bytes, without a header`
        : t`${source.size} bytes, a header of ${length}`,
      t('a header that is within the file'),
    );
  }
  const header = parse(await readBytes(source, 8, length));
  const tensors = Object.entries(header).filter(([name]) => name !== '__metadata__');
  return readEach(
    tensors,
    ([name]) => name,
    ([, tensor], name) => arrayOf(source, 8 + length, name, tensor),
  );
}

function arrayOf(source: ByteSource, data: number, name: string, tensor: unknown): FileArray {
  const { dtype: code, shape, data_offsets: offsets } = (tensor ?? {}) as Record<string, unknown>;
  if (!isNumbers(shape) || !isNumbers(offsets) || offsets.length !== 2 || typeof code !== 'string') {
    throw damaged(
      t`The header does not describe '${name}' as a tensor.`,
      JSON.stringify(tensor)?.slice(0, 120) ?? 'nothing',
      t('dtype, shape and data_offsets'),
    );
  }
  const dtype = Object.hasOwn(dtypes, code) ? dtypes[code] : undefined;
  if (!dtype) {
    throw new LossLensError('dtype', t`'${name}' has a dtype that is not read here.`, {
      found: code,
      expected: Object.keys(dtypes).join(', '),
    });
  }
  checkShape(shape);
  const [begin, end] = offsets as [number, number];
  const bytes = sizeOf(shape) * widthOf(dtype);
  if (begin < 0 || end - begin !== bytes) {
    throw damaged(
      t`'${name}' has another size than its shape says.`,
      t`${end - begin} bytes`,
      t`${bytes} for ${dtype} [${shape.join(', ')}]`,
    );
  }
  return denseArray({ name, dtype, shape, source, position: data + begin, order: 'little' });
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => Number.isSafeInteger(one));

function parse(bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) {
      return header as Record<string, unknown>;
    }
  } catch {
    // Refused below.
  }
  throw damaged(
    t('The header of the .safetensors file is no JSON object.'),
    t('other bytes'),
    t('tensors by name'),
  );
}
