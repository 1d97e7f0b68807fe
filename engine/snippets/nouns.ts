/** What the printed code calls its values. */
import type { Expr } from '../language/expression.ts';
import { type OperationName, operations } from '../language/operations.ts';

const nouns: Readonly<Partial<Record<OperationName, string>>> = {
  add: 'total',
  sub: 'difference',
  mul: 'product',
  div: 'ratio',
  neg: 'negative',
  abs: 'magnitude',
  sqrt: 'root',
  exp: 'exponential',
  log: 'logarithm',
  log1p: 'logarithm',
  tanh: 'tangent',
  sigmoid: 'probability',
  softplus: 'softened',
  pow: 'power',
  xlogy: 'term',
  xlog1py: 'term',
  max: 'larger',
  min: 'smaller',
  clamp: 'clipped',
  where: 'chosen',
};

/** What a value is called that needs a name: by the operation that makes it. */
export function nounOf(node: Expr): string {
  switch (node.kind) {
    case 'reduce':
      return { sum: 'total', max: 'largest', min: 'smallest' }[node.reduction];
    case 'withGradient':
      return nounOf(node.value);
    case 'index':
      return 'position';
    case 'gather':
      return 'picked';
    case 'apply':
      if (node.operation === 'stop') return nounOf(node.args[0]!);
      if (node.operation === 'mul' && node.args[0] === node.args[1]) return 'square';
      return operations[node.operation].truth ? 'mask' : (nouns[node.operation] ?? 'value');
    default:
      return 'value';
  }
}
