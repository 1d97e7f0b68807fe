/** What the cross-entropies over several classes share: log-probabilities, and −Σ y log ŷ of labels or of distributions. */
import { t } from '@vscode/l10n';
import type { ParameterInfo } from '../../catalogue.ts';
import type { Call } from '../../definition.ts';
import {
  abs,
  add,
  and,
  type Dims,
  div,
  type Expr,
  equal,
  extent,
  log,
  logSoftmax,
  mul,
  neg,
  notEqual,
  pick,
  sub,
  sum,
  where,
  xlogy,
} from '../../language/expression.ts';
import { requireValues } from '../../layout.ts';

export const fromParameter: ParameterInfo = {
  name: 'from',
  kind: 'choice',
  choices: ['probability', 'logit', 'log-probability'],
  default: 'probability',
  description: 'what the prediction is',
};

export const axisParameter: ParameterInfo = {
  name: 'axis',
  kind: 'integer',
  default: -1,
  description: 'the dimension that holds the classes',
};

export const labelSmoothingParameter: ParameterInfo = {
  name: 'labelSmoothing',
  kind: 'number',
  default: 0,
  minimum: 0,
  maximum: 1,
  description: 'how much of the target is spread evenly over the classes',
};

/** Log-probabilities of a prediction given as the loss's `from` says. */
export function logProbabilities(call: Call, prediction: Expr, classes: Dims): Expr {
  switch (call.option('from')) {
    case 'logit':
      return logSoftmax(prediction, classes);
    case 'log-probability':
      return prediction;
    default:
      requireValues(
        call,
        'prediction',
        (p) => !(p < 0 || p > 1),
        'domain',
        t("A probability lies between 0 and 1; for logits set from: 'logit'."),
        t('numbers from 0 to 1'),
      );
      return log(prediction);
  }
}

/** y·x, and 0 where y is 0 though x is infinite: 0·log 0 = 0 for a logarithm that is given. */
export const timesLogarithm = (y: Expr, x: Expr): Expr =>
  where(and(equal(y, 0), equal(abs(x), Number.POSITIVE_INFINITY)), 0, mul(y, x));

/** y·log p of a log-probability, with 0·log 0 = 0. */
export const timesLog = (y: Expr, logP: Expr): Expr =>
  logP.kind === 'apply' && logP.operation === 'log' ? xlogy(y, logP.args[0]!) : timesLogarithm(y, logP);

export interface IndexTargets {
  readonly logP: Expr;
  readonly label: Expr;
  readonly classes: Dims;
  /** Weights of the classes, over the class axis alone. */
  readonly classWeight?: Expr | undefined;
  /** The label that counts nothing. */
  readonly ignoreIndex?: Expr | undefined;
  /** ε: absent where it is 0. */
  readonly smoothing?: Expr | undefined;
  /** Whether a NaN in an ignored row is kept out of that row's gradient too; torch shows it there. */
  readonly shields?: boolean;
}

/**
 * −w_t log p_t of labels t, smoothed as (1 − ε)·w_t·(−log p_t) + ε/K·Σ_c w_c·(−log p_c); 0 where ignored.
 * `weight` is each label's own (0 where ignored): its sum is the weighted mean's denominator.
 */
export function crossEntropyOfLabels(targets: IndexTargets): { elements: Expr; weight: Expr | undefined } {
  const { logP, label, classes, classWeight, ignoreIndex, smoothing, shields = true } = targets;
  const keep = (x: Expr): Expr => (ignoreIndex ? where(notEqual(label, ignoreIndex), x, 0, { shields }) : x);
  const own = classWeight && pick(classWeight, label, classes);
  const plain = neg(pick(logP, label, classes, { shields }));
  let elements = own ? mul(own, plain) : plain;
  if (smoothing) {
    const all = neg(sum(classWeight ? mul(classWeight, logP) : logP, classes));
    elements = add(mul(sub(1, smoothing), elements), mul(div(smoothing, extent(classes)), all));
  }
  const weight = own ?? (ignoreIndex ? where(notEqual(label, ignoreIndex), 1, 0) : undefined);
  return { elements: keep(elements), weight: own ? keep(own) : weight };
}

/** y(1 − ε) + ε/K */
export const smoothed = (y: Expr, smoothing: Expr, classes: Dims): Expr =>
  add(mul(y, sub(1, smoothing)), div(smoothing, extent(classes)));
