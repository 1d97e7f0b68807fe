/** The calls that write an array in source text or in a printout, and what each makes of its numbers. */
import { dtypeNamed, type Library, type SourceDType } from '../dtypes.ts';

export interface Maker {
  /** Whose rules hold for the numbers. */
  readonly dialect: Library;
  /** What numbers written without a dtype become. */
  readonly float: SourceDType;
  readonly integer: SourceDType;
  /** Whatever the numbers are, and whatever dtype an array given to it has. */
  readonly always?: SourceDType;
  /** Given one number instead of a list, it makes an array of that size, of unknown content. */
  readonly takesSize?: boolean;
  /** What its positional arguments are: 'data', 'dtype', 'shape'. */
  readonly positions: readonly Role[];
}

/** 'ignored': it changes neither the numbers nor their shape. */
export type Role = 'data' | 'dtype' | 'shape' | 'weak' | 'ignored';

const defaults: Readonly<Record<Library, { readonly float: SourceDType; readonly integer: SourceDType }>> = {
  numpy: { float: 'float64', integer: 'int64' },
  torch: { float: 'float32', integer: 'int64' },
  tensorflow: { float: 'float32', integer: 'int32' },
  jax: { float: 'float32', integer: 'int32' },
  javascript: { float: 'float32', integer: 'float32' },
};

const moduleNames: Readonly<Record<string, string>> = {
  np: 'numpy',
  jnp: 'jax.numpy',
  tf: 'tensorflow',
  nn: 'torch.nn',
};

/** Positional arguments as a list of roles, by canonical name; a name without a module is a printout's. */
const makers: readonly (readonly [Library, string, readonly Role[]])[] = [
  ['numpy', 'array asarray asanyarray ascontiguousarray matrix', ['data']],
  [
    'numpy',
    'numpy.array numpy.asarray numpy.asanyarray numpy.ascontiguousarray numpy.matrix',
    ['data', 'dtype'],
  ],
  ['torch', 'tensor torch.tensor torch.asarray torch.from_numpy', ['data']],
  ['torch', 'as_tensor torch.as_tensor', ['data', 'dtype', 'ignored']],
  ['torch', 'Parameter torch.nn.Parameter torch.nn.parameter.Parameter', ['data', 'ignored']],
  ['tensorflow', 'tensorflow.constant', ['data', 'dtype', 'shape', 'ignored']],
  ['tensorflow', 'tensorflow.convert_to_tensor', ['data', 'dtype']],
  ['tensorflow', 'tensorflow.Variable tensorflow.Tensor Variable', ['data']],
  ['jax', 'Array DeviceArray jax.Array jax.numpy.array jax.numpy.asarray', ['data', 'dtype']],
  ['javascript', 'tensorflow.tensor', ['data', 'shape', 'dtype']],
  ['javascript', 'tensorflow.scalar tensorflow.tensor1d', ['data', 'dtype']],
  ['javascript', 'tensorflow.tensor2d tensorflow.tensor3d tensorflow.tensor4d', ['data', 'shape', 'dtype']],
];

const sized: readonly (readonly [string, SourceDType])[] = [
  ['torch.Tensor', 'float32'],
  ['torch.FloatTensor', 'float32'],
  ['torch.DoubleTensor', 'float64'],
  ['torch.HalfTensor', 'float16'],
  ['torch.BFloat16Tensor', 'bfloat16'],
  ['torch.LongTensor', 'int64'],
  ['torch.IntTensor', 'int32'],
  ['torch.ShortTensor', 'int16'],
  ['torch.CharTensor', 'int8'],
  ['torch.ByteTensor', 'uint8'],
  ['torch.BoolTensor', 'bool'],
  ['Float32Array', 'float32'],
  ['Float64Array', 'float64'],
  ['Int8Array', 'int8'],
  ['Int16Array', 'int16'],
  ['Int32Array', 'int32'],
  ['Uint8Array', 'uint8'],
  ['Uint16Array', 'uint16'],
  ['Uint32Array', 'uint32'],
];

const makersByName: ReadonlyMap<string, Maker> = (() => {
  const table = new Map<string, Maker>();
  for (const [library, names, positions] of makers) {
    for (const name of names.split(' '))
      table.set(name, { dialect: library, ...defaults[library], positions });
  }
  for (const [name, always] of sized) {
    const library = name.startsWith('torch.') ? 'torch' : 'javascript';
    const maker = {
      dialect: library,
      ...defaults[library],
      always,
      takesSize: true,
      positions: ['data'],
    } as const;
    table.set(name, maker);
    // `from torch import FloatTensor`
    if (library === 'torch') table.set(name.slice('torch.'.length), maker);
  }
  // A bare `Tensor(...)` may be anybody's.
  table.delete('Tensor');
  return table;
})();

/** What the dotted `name` makes, as its source writes it (`np.array`, `torch.tensor`, `np.float32`), if we know it. */
export function makerNamed(name: string): Maker | undefined {
  const dot = name.lastIndexOf('.');
  const written = name.slice(0, Math.max(dot, 0));
  const module = Object.hasOwn(moduleNames, written) ? moduleNames[written]! : written;
  const last = name.slice(dot + 1);
  const known = makersByName.get(module === '' ? last : `${module}.${last}`);
  if (known || (module !== 'numpy' && module !== 'jax.numpy')) return known;
  // NumPy's scalar types are called for scalars and arrays alike.
  const library = module === 'numpy' ? 'numpy' : 'jax';
  const always = dtypeNamed(last, library);
  return always && { dialect: library, ...defaults[library], always, positions: ['data'] };
}

const roles: Readonly<Record<string, Role>> = {
  data: 'data',
  object: 'data',
  obj: 'data',
  a: 'data',
  value: 'data',
  initial_value: 'data',
  numpy: 'data',
  dtype: 'dtype',
  shape: 'shape',
  size: 'shape',
  weak_type: 'weak',
  device: 'ignored',
  requires_grad: 'ignored',
  pin_memory: 'ignored',
  grad_fn: 'ignored',
  names: 'ignored',
  copy: 'ignored',
  order: 'ignored',
  subok: 'ignored',
  name: 'ignored',
  path: 'ignored',
  trainable: 'ignored',
};

/** What a keyword argument of any of them is; undefined when it may change the array in a way that we do not follow. */
export function roleOf(keyword: string): Role | undefined {
  return Object.hasOwn(roles, keyword) ? roles[keyword] : undefined;
}

const numberModules = new Set([
  'np',
  'numpy',
  'math',
  'torch',
  'jnp',
  'jax.numpy',
  'Number',
  'np.math',
  'tf.math',
]);
const qualifiedNumbers: Readonly<Record<string, number>> = {
  nan: NaN,
  NaN: NaN,
  NAN: NaN,
  inf: Infinity,
  Inf: Infinity,
  infty: Infinity,
  Infinity: Infinity,
  PINF: Infinity,
  NINF: -Infinity,
  POSITIVE_INFINITY: Infinity,
  NEGATIVE_INFINITY: -Infinity,
  pi: Math.PI,
};
const bareNumbers: Readonly<Record<string, number>> = {
  nan: NaN,
  NaN: NaN,
  inf: Infinity,
  Inf: Infinity,
  Infinity: Infinity,
};

/** The number that `name` stands for: `nan`, `np.inf`, `math.pi`. */
export function numberNamed(name: string): number | undefined {
  const dot = name.lastIndexOf('.');
  if (dot < 0) return Object.hasOwn(bareNumbers, name) ? bareNumbers[name] : undefined;
  const last = name.slice(dot + 1);
  return numberModules.has(name.slice(0, dot)) && Object.hasOwn(qualifiedNumbers, last)
    ? qualifiedNumbers[last]
    : undefined;
}

const truths: ReadonlyMap<string, number> = new Map([
  ['True', 1],
  ['true', 1],
  ['np.True_', 1],
  ['numpy.True_', 1],
  ['False', 0],
  ['false', 0],
  ['np.False_', 0],
  ['numpy.False_', 0],
]);

/** 1 or 0 for a name of a truth value. */
export function truthNamed(name: string): number | undefined {
  return truths.get(name);
}
