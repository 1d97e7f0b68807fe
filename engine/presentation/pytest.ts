/** An evaluation as a case for pytest: the framework's own call on the data, with the value that it should give. */
import { t } from '@vscode/l10n';
import type { NdArray } from '../array.ts';
import type { ArgumentInfo, Framework, SymbolInfo } from '../catalogue.ts';
import { LossLensError } from '../errors.ts';
import type { Evaluation, Parameters, ParameterValue } from '../evaluation.ts';

/** Numbers of all arrays together, beyond which a case is no text to read. */
const mostNumbers = 400;

interface Dialect {
  /** Modules of the test, besides the symbol's own. */
  readonly imports: readonly string[];
  /** An array as its framework holds it. */
  array(data: string, dtype: string, differentiated: boolean): string;
  /** The module that a symbol is imported from, where it is not the first part of its name. */
  readonly module?: Readonly<Record<string, string>>;
  /** Lines that compute the gradient by `name` of the call into `gradient`, when `loss` is a number. */
  gradient?(name: string): readonly string[];
  /** The loss as numpy. */
  readonly value: string;
}

const torch: Dialect = {
  imports: ['import torch'],
  array: (data, dtype, differentiated) =>
    `torch.tensor(${data}, dtype=torch.${dtype}${differentiated ? ', requires_grad=True' : ''})`,
  gradient: (name) => ['loss.backward()', `gradient = ${name}.grad.numpy()`],
  value: 'loss.detach().numpy()',
};
const numpyArray: Dialect['array'] = (data, dtype) => `np.array(${data}, dtype="${dtype}")`;

const dialects: Partial<Record<Framework, Dialect>> = {
  torch,
  torchvision: torch,
  smp: torch,
  monai: torch,
  kornia: torch,
  'pytorch-metric-learning': torch,
  keras: {
    imports: [],
    array: numpyArray,
    value: 'keras.ops.convert_to_numpy(loss)',
  },
  tensorflow: {
    imports: [],
    array: (data, dtype) => `tf.constant(${data}, dtype="${dtype}")`,
    module: { tf: 'import tensorflow as tf' },
    value: 'loss.numpy()',
  },
  optax: {
    imports: ['import jax.numpy as jnp'],
    array: (data, dtype) => `jnp.array(${data}, dtype="${dtype}")`,
    value: 'np.asarray(loss)',
  },
  sklearn: { imports: [], array: numpyArray, value: 'np.asarray(loss)' },
  scipy: { imports: [], array: numpyArray, value: 'np.asarray(loss)' },
  pot: { imports: [], array: numpyArray, value: 'np.asarray(loss)' },
};

export interface Case {
  readonly symbol: SymbolInfo | undefined;
  readonly inputs: Readonly<Record<string, NdArray>>;
  /** All of them; those that are as the library sets them are left out. */
  readonly parameters: Parameters;
  /** With elements in the arrays, not resident. */
  readonly evaluation: Evaluation;
  /** The input whose gradient is compared, where the framework gives one. */
  readonly by: string;
}

/** @throws LossLensError with the reason for which there can be no such case */
export function pytestCase({ symbol, inputs, parameters, evaluation, by }: Case): string {
  const dialect = symbol && dialects[symbol.framework];
  if (!symbol || !dialect) {
    throw refusal(
      symbol
        ? t('A pytest case calls a Python library, and this is none.')
        : t(
            'A pytest case calls a framework, and this is a loss of the catalogue. Evaluate a symbol such as torch.nn.HuberLoss.',
          ),
      symbol?.name ?? t('no framework symbol'),
      t('a symbol of a Python library'),
    );
  }
  const total = Object.values(inputs).reduce((sum, { data }) => sum + data.length, 0);
  if (total > mostNumbers) {
    throw refusal(
      t('This is too much data for a test that is read.'),
      t`${total} numbers`,
      t`at most ${mostNumbers}`,
    );
  }
  if (!Array.from<number | bigint>(evaluation.value.data).every((value) => Number.isFinite(Number(value)))) {
    throw refusal(t('The value is not finite: there is nothing to hold a library to.'), t('NaN or infinity'));
  }
  const gradient = evaluation.value.shape.length === 0 ? evaluation.gradients[by] : undefined;
  const hasGradient = dialect.gradient !== undefined && gradient !== undefined;
  // What is small is evaluated in float64, whatever the library computes in.
  const precision = Object.values(inputs).some(({ dtype, weak }) => dtype === 'float64' && !weak)
    ? evaluation.dtype
    : 'float32';
  const given = new Map(Object.entries(inputs));
  const lines = [
    ...[...given].map(
      ([name, array]) =>
        `    ${name} = ${dialect.array(nested(array), dtypeOf(array, symbol), hasGradient && name === by)}`,
    ),
    `    loss = ${callOf(symbol, given, parameters)}`,
    `    ${assertion(dialect.value, evaluation.value, precision)}`,
    ...(hasGradient
      ? [
          ...dialect.gradient!(by).map((line) => `    ${line}`),
          `    ${assertion('gradient', gradient, precision)}`,
        ]
      : []),
  ];
  const root = symbol.name.split('.')[0]!;
  const own = dialect.module?.[root] ?? `import ${moduleOf(symbol)}`;
  const backend = parameters['kerasBackend'];
  const setting =
    typeof backend === 'string' ? ['import os', '', `os.environ["KERAS_BACKEND"] = "${backend}"`, ''] : [];
  const doubles = symbol.framework === 'optax' && precision === 'float64' ? jaxDoubles : [];
  const imports = [...setting, ...new Set(['import numpy as np', ...dialect.imports, own])];
  return [...imports, ...doubles, '', '', `def test_${nameOf(symbol)}():`, ...lines, ''].join('\n');
}

/** Without it JAX rounds to float32. */
const jaxDoubles = ['import jax', '', 'jax.config.update("jax_enable_x64", True)'];

const refusal = (
  message: string,
  found: string,
  expected = t('a small batch of finite values'),
): LossLensError => new LossLensError('parameter', message, { found, expected });

/** `torch.nn.functional` of `torch.nn.functional.mse_loss`: the module that has to be imported for it to be there. */
const moduleOf = ({ name }: SymbolInfo): string => name.split('.').slice(0, -1).join('.');

const nameOf = ({ name }: SymbolInfo): string =>
  name
    .slice(name.lastIndexOf('.') + 1)
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase();

/** Options that are functions to the library: what stands for them here. */
const functions: Readonly<Record<string, string>> = {
  'reduce_fn sum': 'jnp.sum',
  'reduce_fn mean': 'jnp.mean',
};

/** The symbol called as its signature wants it, by keywords but where it takes positions only. */
function callOf(symbol: SymbolInfo, inputs: ReadonlyMap<string, NdArray>, parameters: Parameters): string {
  const standard = new Map(symbol.parameters.map(({ name, default: value }) => [name, value]));
  const written = (list: readonly ArgumentInfo[], isCall: boolean): string =>
    list
      .flatMap(({ name, kind, default: own }): string[] => {
        // What torch calls self or the first array is not always open to its keyword; arrays stand in order.
        if (kind === 'input')
          return inputs.has(name) ? [isCall && own === undefined ? name : `${name}=${name}`] : [];
        if (kind !== 'parameter') return [];
        const value = parameters[name];
        const isRequired = own === undefined;
        if (value === undefined || (!isRequired && Object.is(value, standard.get(name)))) return [];
        return [`${name}=${functions[`${name} ${value}`] ?? python(value)}`];
      })
      .join(', ');
  const call = written(symbol.callArguments, true);
  if (symbol.kind !== 'class') return `${symbol.name}(${call})`;
  return `${symbol.name}(${written(symbol.constructorArguments ?? [], false)})(${call})`;
}

function python(value: ParameterValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return JSON.stringify(value);
  if (Number.isFinite(value)) return String(value);
  return `float("${Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'}")`;
}

/** Numbers without a dtype take the one that the role asks for. */
function dtypeOf({ dtype, origin, weak, data }: NdArray, symbol: SymbolInfo): string {
  if (origin && symbol.framework !== 'scipy') return origin;
  if (!weak) return dtype;
  const isWhole =
    symbol.inputs.some(({ kind }) => kind === 'integer') &&
    Array.from<number | bigint>(data).every((value) => Number.isInteger(Number(value)));
  return isWhole ? 'int64' : 'float32';
}

/** `[[1.0, 2.0], [3.0, 4.0]]`, in the digits that read back as the same numbers. */
function nested({ data, shape, dtype }: NdArray): string {
  const isFloat = dtype.startsWith('float');
  const text = (value: number | bigint): string => {
    if (dtype === 'bool') return value ? 'True' : 'False';
    if (typeof value === 'bigint') return String(value);
    if (!Number.isFinite(value)) return python(value);
    const shortest = dtype === 'float32' ? shortestFloat32(value) : String(value);
    return isFloat && /^-?\d+$/.test(shortest) ? `${shortest}.0` : shortest;
  };
  const level = (axis: number, start: number): string => {
    if (axis === shape.length) return text(data[start]!);
    const step = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    return `[${Array.from({ length: shape[axis]! }, (_, i) => level(axis + 1, start + i * step)).join(', ')}]`;
  };
  return level(0, 0);
}

function shortestFloat32(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}

function assertion(what: string, expected: NdArray, dtype: 'float32' | 'float64'): string {
  // What is small beside the largest has lost its digits to it.
  const largest = Array.from<number | bigint, number>(expected.data, (value) =>
    Math.abs(Number(value)),
  ).reduce((a, b) => Math.max(a, b), 0);
  const absolute = Number(((largest || 1) * (dtype === 'float32' ? 1e-6 : 1e-12)).toPrecision(1));
  const tolerance = `rtol=${dtype === 'float32' ? '1e-5' : '1e-10'}, atol=${absolute}`;
  return `np.testing.assert_allclose(${what}, ${nested(expected)}, ${tolerance})`;
}
