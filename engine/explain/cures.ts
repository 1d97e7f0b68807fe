/** What usually helps where a value that is not finite begins: by the operation, and by what it was given. */
import { t } from '@vscode/l10n';
import type { Expr } from '../language/expression.ts';
import type { Origin } from './origin.ts';

const infinite = (value: number | undefined): boolean => Math.abs(value ?? 0) === Number.POSITIVE_INFINITY;

export function cureOf({ node, value, operands }: Origin): string {
  const [a, b] = operands;
  switch (node.kind) {
    case 'input':
    case 'gather':
    case 'neighbour':
      return Number.isNaN(value)
        ? t(
            'The input itself is NaN. Look for what made it: a step with too large a learning rate, a division by 0 in the data, a missing value.',
          )
        : t(
            'The input itself is infinite. Where it is a mask, make sure that each row keeps one entry that is not masked; else look for what made it overflow.',
          );
    case 'uniform':
      return t('The parameter itself is not finite.');
    case 'reduce':
      if (
        operands.some((each) => each === Number.POSITIVE_INFINITY) &&
        operands.some((each) => each === Number.NEGATIVE_INFINITY)
      )
        return t('Infinities of both signs are added up: see where each of them begins.');
      return node.arg.dims === 0 || operands.length === 0
        ? t('There is nothing to reduce: the extent is 0.')
        : t('The sum is larger than the largest number. Scale the data down, or compute in float64.');
    case 'apply':
      return ofOperation(node, a, b);
    default:
      return t('Look at the line above: it is where the value stops being finite.');
  }
}

function ofOperation(node: Expr & { kind: 'apply' }, a: number | undefined, b: number | undefined): string {
  switch (node.operation) {
    case 'log':
      return ofLogarithm(a!, 0);
    case 'xlogy':
      return ofLogarithm(b!, 0);
    case 'log1p':
      return ofLogarithm(a!, -1);
    case 'xlog1py':
      return ofLogarithm(b!, -1);
    case 'exp':
    case 'expm1':
      return t(
        'The exponential overflows: above 88.7 in float32, above 709.8 in float64. Give the loss the logarithm or the logits instead, subtract the largest first as log-softmax does, or bound what goes in.',
      );
    case 'div':
      if (a === 0 && b === 0)
        return t(
          '0 divided by 0: nothing is left to divide by. All elements are ignored or weigh 0, or a vector has length 0. Guard the divisor, or leave such a batch out.',
        );
      if (b === 0)
        return isRoot(node.args[1]!)
          ? t(
              'The derivative of a square root is infinite at 0. Add a small ε under the root, or keep equal points out.',
            )
          : t('A division by 0. Add a small ε to the divisor, or clip it away from 0.');
      if (infinite(a) && infinite(b)) return t('Infinity divided by infinity: see where they begin.');
      return t(
        'The quotient is larger than the largest number: the divisor is all but 0. Clip it away from 0.',
      );
    case 'sqrt':
      return t(
        'The root of a negative number: what goes in is a variance or a squared distance that rounding has put below 0. Clip it at 0.',
      );
    case 'pow':
      if (a === 0)
        return t(
          'A negative power of 0. A power below 1 has an infinite derivative at 0: keep the base away from 0.',
        );
      if (a! < 0)
        return t('A power that is no whole number of a negative base. Keep the base at 0 or above.');
      return t('The power is larger than the largest number. Bound the base or the exponent.');
    case 'sub':
    case 'add':
      if (infinite(a) && infinite(b))
        return t(
          'Infinity minus infinity. In a softmax that is a row of −inf only, or a logit of +inf: mask with a large finite number, or leave one entry of each row unmasked.',
        );
      return t('The result is larger than the largest number. Scale the data down, or compute in float64.');
    case 'mul':
      if (infinite(a) || infinite(b))
        return t(
          '0 times infinity. A mask that multiplies cannot take away an infinity: select before the operation that makes it (where on its input), not after.',
        );
      return t('The product is larger than the largest number. Scale the data down, or compute in float64.');
    default:
      return t('The operation has no finite result for what it was given: see the line above.');
  }
}

function ofLogarithm(x: number, pole: number): string {
  return x === pole
    ? t(
        'The logarithm of 0. Give the loss logits and let it take sigmoid or softmax itself, or clip the probability away from 0.',
      )
    : t(
        'The logarithm of a negative number: what stands for a probability, a rate or a variance is below 0. Check the activation before the loss.',
      );
}

/** Whether a divisor is a root, with a factor or without. */
function isRoot(divisor: Expr): boolean {
  if (divisor.kind !== 'apply') return false;
  return divisor.operation === 'sqrt' || (divisor.operation === 'mul' && divisor.args.some(isRoot));
}
