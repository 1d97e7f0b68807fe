/**
 * Operators that take every number for itself: value and derivative side by side. At a kink, the derivative is torch's:
 * 0 for ReLU at 0, 0 for Clip at its bounds (that of ReLU6), the smaller part's for LeakyRelu at 0.
 */
import { t } from '@vscode/l10n';
import { erf } from '../erf.ts';
import type { Operator, OperatorCall, Step } from './operator.ts';

interface Scalar {
  value(x: number): number;
  /** Of x, and of y = value(x). */
  slope(x: number, y: number): number;
}

/** @param scalarOf  reads attributes once, for all numbers */
const each =
  (scalarOf: (call: OperatorCall) => Scalar): Operator =>
  (call): Step => {
    const { value, slope } = scalarOf(call);
    const { shape, integer } = call.input(0);
    return {
      shape,
      integer,
      run([given]) {
        const x = given!;
        const y = new Float64Array(x.length);
        for (let i = 0; i < x.length; i++) y[i] = value(x[i]!);
        return {
          output: y,
          back(above) {
            const below = new Float64Array(x.length);
            for (let i = 0; i < x.length; i++) below[i] = above[i]! * slope(x[i]!, y[i]!);
            return [below];
          },
        };
      },
    };
  };

const plain = (value: Scalar['value'], slope: Scalar['slope']): Operator => each(() => ({ value, slope }));

const logistic = (x: number): number => {
  const small = Math.exp(-Math.abs(x));
  return (x < 0 ? small : 1) / (1 + small);
};
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const steps = (value: Scalar['value']): Operator => plain(value, () => 0);

function clip(call: OperatorCall): Scalar {
  const bound = (name: string, index: number, standard: number): number =>
    call.opset < 11 ? call.number(name, standard) : (call.constant(index)?.[0] ?? standard);
  const [low, high] = [bound('min', 1, -Infinity), bound('max', 2, Infinity)];
  return {
    value: (x) => (x < low ? low : x > high ? high : x),
    slope: (x) => (x > low && x < high ? 1 : Number.isNaN(x) ? x : 0),
  };
}

function gelu(call: OperatorCall): Scalar {
  if (call.text('approximate', 'none') === 'tanh') {
    const scale = Math.sqrt(2 / Math.PI);
    return {
      value: (x) => 0.5 * x * (1 + Math.tanh(scale * (x + 0.044715 * x ** 3))),
      slope(x) {
        const t = Math.tanh(scale * (x + 0.044715 * x ** 3));
        return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * scale * (1 + 3 * 0.044715 * x * x);
      },
    };
  }
  return {
    value: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
    slope: (x) => 0.5 * (1 + erf(x / Math.SQRT2)) + (x * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI),
  };
}

function hardSigmoid(alpha: number, beta: number): Scalar {
  return {
    value: (x) => Math.max(0, Math.min(1, alpha * x + beta)),
    slope: (x) => (alpha * x + beta > 0 && alpha * x + beta < 1 ? alpha : 0),
  };
}

const hardSwish: Scalar = {
  value: (x) => x * Math.max(0, Math.min(1, x / 6 + 0.5)),
  slope: (x) => (x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5),
};

/** Passes its input on. */
const identity: Operator = (call) => {
  const { shape, integer } = call.input(0);
  return { shape, integer, run: ([x]) => ({ output: x!, back: (slope) => [slope] }) };
};

const dropout: Operator = (call) => {
  if (call.output > 0)
    call.refuse((node) => t`${node} is asked for its mask.`, t`output ${call.output}`, t('the first output'));
  const training = call.constant(2)?.[0];
  if (training)
    call.refuse(
      (node) => t`${node} is in training mode.`,
      'training_mode 1',
      t('a network exported in eval mode'),
    );
  return identity(call);
};

const integers = new Set([2, 3, 4, 5, 6, 7, 9, 12, 13]);

const cast: Operator = (call) => {
  const { shape, constant } = call.input(0);
  const to = call.number('to', 1);
  const integer = integers.has(to);
  if (!integer) return { ...identity(call), integer };
  if (!constant)
    call.refuse(
      (node) => t`${node} turns features into integers, which have no gradient.`,
      `to: ${to}`,
      t('floats'),
    );
  const change = to === 9 ? (x: number) => (x === 0 ? 0 : 1) : Math.trunc;
  return { shape, integer, run: ([x]) => ({ output: x!.map(change), back: () => [] }) };
};

export const elementwise: Readonly<Record<string, Operator>> = {
  Abs: plain(Math.abs, (x) => Math.sign(x)),
  Cast: cast,
  Ceil: steps(Math.ceil),
  Clip: each(clip),
  Dropout: dropout,
  Elu: each((call) => {
    const alpha = call.number('alpha', 1);
    return {
      value: (x) => (x > 0 ? x : alpha * Math.expm1(x)),
      slope: (x, y) => (x > 0 ? 1 : y + alpha),
    };
  }),
  Erf: plain(erf, (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)),
  Exp: plain(Math.exp, (_, y) => y),
  Floor: steps(Math.floor),
  Gelu: each(gelu),
  HardSigmoid: each((call) => hardSigmoid(call.number('alpha', 0.2), call.number('beta', 0.5))),
  HardSwish: each(() => hardSwish),
  Identity: identity,
  LeakyRelu: each((call) => {
    const alpha = call.number('alpha', 0.01);
    return { value: (x) => (x > 0 ? x : alpha * x), slope: (x) => (x > 0 ? 1 : alpha) };
  }),
  Log: plain(Math.log, (x) => 1 / x),
  Mish: plain(
    (x) => x * Math.tanh(softplus(x)),
    (x) => {
      const t = Math.tanh(softplus(x));
      return t + x * (1 - t * t) * logistic(x);
    },
  ),
  Neg: plain(
    (x) => -x,
    () => -1,
  ),
  Reciprocal: plain(
    (x) => 1 / x,
    (_, y) => -y * y,
  ),
  Relu: plain(
    (x) => (x < 0 ? 0 : x),
    (x) => (x > 0 ? 1 : 0),
  ),
  Selu: each((call) => {
    const alpha = call.number('alpha', 1.6732632423543772);
    const gamma = call.number('gamma', 1.0507009873554805);
    return {
      value: (x) => gamma * (x > 0 ? x : alpha * Math.expm1(x)),
      slope: (x, y) => (x > 0 ? gamma : y + gamma * alpha),
    };
  }),
  Sigmoid: plain(logistic, (x) => logistic(x) * logistic(-x)),
  Softplus: plain(softplus, logistic),
  Softsign: plain(
    (x) => x / (1 + Math.abs(x)),
    (x) => 1 / (1 + Math.abs(x)) ** 2,
  ),
  Sqrt: plain(Math.sqrt, (_, y) => 0.5 / y),
  Swish: each((call) => {
    const alpha = call.number('alpha', 1);
    return {
      value: (x) => x * logistic(alpha * x),
      slope: (x) => logistic(alpha * x) * (1 + alpha * x * logistic(-alpha * x)),
    };
  }),
  Tanh: plain(Math.tanh, (_, y) => 1 - y * y),
};
