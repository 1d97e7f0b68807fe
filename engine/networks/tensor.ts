/** Tensors as ONNX files store them, and as numbers. */
import { t } from '@vscode/l10n';
import { sizeOf } from '../array.ts';
import { LossLensError } from '../errors.ts';
import type { Tensor } from './network.ts';

/** onnx.TensorProto, not yet understood. */
export interface StoredTensor {
  name: string;
  /** A number of onnx.TensorProto.DataType. */
  dtype: number;
  shape: number[];
  /** Little-endian, row-major. */
  raw: Uint8Array | undefined;
  /** Used where there are no raw bytes; of half precision: their bits. */
  numbers: number[];
  /** Where the numbers are instead: another file. */
  file: string | undefined;
}

interface Format {
  readonly name: string;
  readonly bytes: number;
  readonly kind: 'float' | 'integer';
  read(view: DataView, at: number): number;
  /** What `numbers` hold, where that is not the number itself. */
  fromBits?(bits: number): number;
}

const formats: Readonly<Record<number, Format>> = {
  1: { name: 'float32', bytes: 4, kind: 'float', read: (view, at) => view.getFloat32(at, true) },
  2: { name: 'uint8', bytes: 1, kind: 'integer', read: (view, at) => view.getUint8(at) },
  3: { name: 'int8', bytes: 1, kind: 'integer', read: (view, at) => view.getInt8(at) },
  4: { name: 'uint16', bytes: 2, kind: 'integer', read: (view, at) => view.getUint16(at, true) },
  5: { name: 'int16', bytes: 2, kind: 'integer', read: (view, at) => view.getInt16(at, true) },
  6: { name: 'int32', bytes: 4, kind: 'integer', read: (view, at) => view.getInt32(at, true) },
  7: { name: 'int64', bytes: 8, kind: 'integer', read: (view, at) => Number(view.getBigInt64(at, true)) },
  9: { name: 'bool', bytes: 1, kind: 'integer', read: (view, at) => view.getUint8(at) },
  10: {
    name: 'float16',
    bytes: 2,
    kind: 'float',
    read: (view, at) => float16(view.getUint16(at, true)),
    fromBits: float16,
  },
  11: { name: 'float64', bytes: 8, kind: 'float', read: (view, at) => view.getFloat64(at, true) },
  12: { name: 'uint32', bytes: 4, kind: 'integer', read: (view, at) => view.getUint32(at, true) },
  13: { name: 'uint64', bytes: 8, kind: 'integer', read: (view, at) => Number(view.getBigUint64(at, true)) },
  16: {
    name: 'bfloat16',
    bytes: 2,
    kind: 'float',
    read: (view, at) => bfloat16(view.getUint16(at, true)),
    fromBits: bfloat16,
  },
};

const others: Readonly<Record<number, string>> = { 8: 'string', 14: 'complex64', 15: 'complex128' };

export const dtypeName = (dtype: number): string =>
  formats[dtype]?.name ?? others[dtype] ?? `ONNX dtype ${dtype}`;

export const isFloatDtype = (dtype: number): boolean => formats[dtype]?.kind === 'float';

/** @throws LossLensError where the numbers are in another file, too few, or of a dtype that is not read. */
export function tensorOf(stored: StoredTensor): Tensor {
  const { name, shape, raw, numbers, file } = stored;
  if (file !== undefined) {
    throw new LossLensError('network-unsupported', t('The weights of this network are in another file.'), {
      found: file === '' ? t`'${name}' in a file beside it` : t`'${name}' in '${file}'`,
      expected: t(
        "one file with its weights: torch.onnx.export(…, external_data=False), or onnx.save(model, 'one.onnx')",
      ),
    });
  }
  const format = formats[stored.dtype];
  if (!format) {
    throw new LossLensError(
      'network-unsupported',
      t('This network holds numbers of a dtype that is not read here.'),
      {
        found: `'${name}', ${dtypeName(stored.dtype)}`,
        expected: Object.values(formats)
          .map((each) => each.name)
          .join(', '),
      },
    );
  }
  const count = sizeOf(shape);
  const given = raw ? raw.length / format.bytes : numbers.length;
  if (given !== count) {
    throw new LossLensError(
      'not-a-network',
      t('The file is damaged: a tensor does not hold what its shape says.'),
      {
        found: t`${given} numbers in '${name}'`,
        expected: `${count}, shape [${shape.join(', ')}]`,
      },
    );
  }
  const data = placeFor(format, count);
  if (raw) {
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    for (let i = 0; i < count; i++) data[i] = format.read(view, i * format.bytes);
  } else {
    for (let i = 0; i < count; i++) data[i] = format.fromBits?.(numbers[i]!) ?? numbers[i]!;
  }
  return { shape, data, integer: format.kind === 'integer' };
}

/** Shared where that is possible: weights are sent to a worker with every run, and need not be copied then. */
function placeFor({ name, kind }: Format, count: number): Float32Array | Float64Array {
  const wide = name === 'float64' || kind === 'integer';
  const bytes = count * (wide ? 8 : 4);
  const buffer =
    typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);
  return wide ? new Float64Array(buffer) : new Float32Array(buffer);
}

function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function bfloat16(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
}
