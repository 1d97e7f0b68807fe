/** What the printed code calls its values. */
import type { Expr, OperationName } from '../language/expression.ts';
import { operations } from '../language/operations.ts';

const nouns = {
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
} as const satisfies Partial<Record<OperationName, string>>;

const ofReductions = { sum: 'total', max: 'largest', min: 'smallest' } as const;

export type Noun =
  | (typeof nouns)[keyof typeof nouns]
  | (typeof ofReductions)[keyof typeof ofReductions]
  | 'mask'
  | 'picked'
  | 'position'
  | 'square'
  | 'value';

/** What a value is called that needs a name: by the operation that makes it. */
export function nounOf(node: Expr): Noun {
  switch (node.kind) {
    case 'reduce':
      return ofReductions[node.reduction];
    case 'withGradient':
      return nounOf(node.value);
    case 'index':
      return 'position';
    case 'gather':
      return 'picked';
    case 'apply':
      if (node.operation === 'stop') return nounOf(node.args[0]!);
      if (node.operation === 'mul' && node.args[0] === node.args[1]) return 'square';
      if (operations[node.operation].truth) return 'mask';
      return (nouns as Partial<Record<OperationName, Noun>>)[node.operation] ?? 'value';
    default:
      return 'value';
  }
}
