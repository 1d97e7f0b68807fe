/** What `torch.save` writes of tensors, and of dictionaries and lists of them: a ZIP file with a pickle and storages. */
import { t } from '@vscode/l10n';
import { LossLensError } from '../../errors.ts';
import type { SourceDType } from '../dtypes.ts';
import { type ByteSource, checkHeld, damaged, readBytes } from './bytes.ts';
import { denseArray } from './dense.ts';
import { type ByteOrder, widthOf } from './elements.ts';
import type { FileArray } from './file-array.ts';
import { Named, type Opaque, type Pickled, unpickle } from './pickle.ts';
import { type Refused, readEach } from './several.ts';
import { type Member, readZip } from './zip.ts';

interface Storage extends Opaque {
  readonly opaque: 'storage';
  readonly key: string;
  /** Undefined where the tensor says it. */
  readonly dtype: SourceDType | undefined;
}

interface Tensor extends Opaque {
  readonly opaque: 'tensor';
  readonly storage: Storage;
  readonly dtype: SourceDType;
  /** In elements. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

const storages: Readonly<Record<string, SourceDType>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
};

const dtypes: ReadonlySet<string> = new Set<SourceDType>([
  'float64',
  'float32',
  'float16',
  'bfloat16',
  'float8_e4m3fn',
  'float8_e5m2',
  'int64',
  'int32',
  'int16',
  'int8',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'bool',
]);

const largestPickle = 100_000_000;
/** Containers inside one another, and tensors in all. */
const deepest = 64;
const mostTensors = 100_000;

/** @throws LossLensError `not-evaluable` naming what in it is no plain tensor; `damaged-file`. */
export async function readTorch(source: ByteSource): Promise<readonly (FileArray | Refused)[]> {
  await refuseOther(source);
  const members = new Map((await readZip(source)).map((member) => [member.name, member]));
  const pickles = [...members.keys()].filter((name) => /(^|\/)data\.pkl$/.test(name));
  if (pickles.length !== 1) {
    throw damaged(t('This is no file that torch.save writes.'), t`${pickles.length} members data.pkl`, 'one');
  }
  const folder = pickles[0]!.slice(0, -'data.pkl'.length);
  const pickle = await members.get(pickles[0]!)!.open();
  checkHeld(t('The pickle of the file'), pickle.size, largestPickle);
  const found = unpickle(await readBytes(pickle, 0, pickle.size), {
    named,
    persistent: storageOf,
  });
  const order = await byteOrder(members.get(`${folder}byteorder`));
  return readEach(
    tensorsIn(found),
    ([name]) => name,
    async ([, tensor], name) => {
      const member = members.get(`${folder}data/${tensor.storage.key}`);
      if (!member)
        throw damaged(t`The elements of '${name}' are not in the file.`, t('no storage'), tensor.storage.key);
      const { dtype, shape, strides, offset } = tensor;
      return denseArray({
        ...(name !== '' && { name }),
        dtype,
        shape,
        strides,
        source: await member.open(),
        position: offset * widthOf(dtype),
        order,
      });
    },
  );
}

async function refuseOther(source: ByteSource): Promise<void> {
  const start = await readBytes(source, 0, Math.min(4, source.size));
  if (start[0] === 0x50 && start[1] === 0x4b) return;
  // A pickle that nothing packs: torch before 1.6, or something else.
  if (start[0] === 0x80) {
    throw new LossLensError(
      'not-evaluable',
      t('The file is a bare pickle, as torch wrote it before version 1.6.'),
      {
        found: t`a pickle of protocol ${String(start[1])}`,
        expected: t('a ZIP file: load it in torch and save it again, or use safetensors.torch.save_file'),
      },
    );
  }
  throw damaged(t('This is no file that torch.save writes.'), t('other first bytes'), t('a ZIP file'));
}

async function byteOrder(member: Member | undefined): Promise<ByteOrder> {
  if (!member) return 'little';
  const source = await member.open();
  const text = new TextDecoder().decode(await readBytes(source, 0, Math.min(source.size, 16)));
  if (text === 'little' || text === 'big') return text;
  throw damaged(t('The file has a byte order that there is not.'), JSON.stringify(text), t('little or big'));
}

function named(name: string): Named | undefined {
  const last = name.slice(name.lastIndexOf('.') + 1);
  switch (name) {
    case 'collections.OrderedDict':
      return new Named(name, ([pairs]) => new Map((pairs ?? []) as [Pickled, Pickled][]));
    case 'torch.Size':
      return new Named(name, ([sizes]) => sizes ?? []);
    case 'torch._utils._rebuild_parameter':
      return new Named(name, ([tensor]) => tensor ?? null);
    case 'torch._utils._rebuild_tensor':
    case 'torch._utils._rebuild_tensor_v2':
      return new Named(name, (args) => tensorOf(args, undefined));
    case 'torch._utils._rebuild_tensor_v3':
      return new Named(name, (args) => tensorOf(args, args[6]));
    case 'torch.storage.UntypedStorage':
      return new Named(name);
    default:
      return name === `torch.${last}` && (Object.hasOwn(storages, last) || dtypes.has(last))
        ? new Named(name)
        : undefined;
  }
}

/** ('storage', its class, its member, the device, how many elements). */
function storageOf(identity: Pickled): Storage {
  const [kind, type, key] = Array.isArray(identity) ? identity : [];
  if (kind !== 'storage' || !(type instanceof Named) || typeof key !== 'string') {
    throw damaged(
      t('The file refers to what is no storage.'),
      t('another identity'),
      t('the storage of a tensor'),
    );
  }
  return { opaque: 'storage', key, dtype: storages[type.name.slice('torch.'.length)] };
}

function tensorOf([storage, offset, shape, strides]: readonly Pickled[], type: Pickled | undefined): Tensor {
  const own = type instanceof Named ? (type.name.slice('torch.'.length) as SourceDType) : undefined;
  const dtype = own ?? (isStorage(storage) ? storage.dtype : undefined);
  if (!isStorage(storage) || !dtype || !isCount(offset) || !isSizes(shape) || !isSizes(strides)) {
    throw damaged(
      t('The file describes a tensor that there is not.'),
      t('other arguments'),
      'storage, offset, size, stride',
    );
  }
  return { opaque: 'tensor', storage, dtype, offset, shape, strides };
}

const isOpaque = (value: Pickled | undefined, kind: string): boolean =>
  typeof value === 'object' && value !== null && 'opaque' in value && value.opaque === kind;
const isStorage = (value: Pickled | undefined): value is Storage => isOpaque(value, 'storage');
const isTensor = (value: Pickled | undefined): value is Tensor => isOpaque(value, 'tensor');
const isCount = (value: Pickled | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isSizes = (value: Pickled | undefined): value is number[] =>
  Array.isArray(value) && value.every(isCount);

/** Every tensor with the keys that lead to it, joined by dots as in a state dictionary. */
function tensorsIn(top: Pickled): [string, Tensor][] {
  const found: [string, Tensor][] = [];
  let steps = 0;
  const visit = (value: Pickled, keys: readonly string[]): void => {
    // A container may hold itself, or others twice, and those others twice …
    if (++steps > 10 * mostTensors || keys.length > deepest) {
      throw damaged(
        t('The containers of the file do not end.'),
        t`more than ${steps - 1} values`,
        t('tensors in dictionaries and lists'),
      );
    }
    if (isTensor(value)) found.push([keys.join('.'), value]);
    else if (value instanceof Map) {
      for (const [key, item] of value) visit(item, [...keys, String(key)]);
    } else if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) visit(item, [...keys, String(i)]);
    }
  };
  visit(top, []);
  return found;
}
