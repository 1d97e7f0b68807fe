/** Constants and array literals, as far as they can be read without running anything. */
import type { ParameterValue } from '../../evaluation.ts';
import { argumentsOf, isExpression, type Node, none, type Syntax, unwrap } from './syntax.ts';
import type { Values } from './values.ts';

const longestAliases = 16;
const makers = new Set(
  'array asarray asanyarray tensor as_tensor Tensor FloatTensor DoubleTensor HalfTensor LongTensor IntTensor ByteTensor BoolTensor constant convert_to_tensor Variable'.split(
    ' ',
  ),
);
/** Methods without arguments that keep an array's numbers, shape and dtype. */
const keeping = new Set(['cuda', 'cpu', 'detach', 'clone', 'copy', 'numpy', 'contiguous', 'requires_grad_']);
const inArrays = new Set([
  ...[
    'ArrayExpression',
    'TupleExpression',
    'ParenthesizedExpression',
    'Number',
    'Boolean',
    'UnaryExpression',
  ],
  ...['ArithOp', '(', ')', '[', ']', ',', 'Comment'],
]);
const nonFinite =
  /^(?:(?:np|numpy|math|torch|jnp)\.(?:nan|NaN|inf|Inf)|float\(\s*(['"])[+-]?(?:nan|inf|infinity)\1\s*\))$/i;

/** The literal that an array expression is, without methods that keep its numbers; `none` when it is no literal. */
export function arrayLiteral(syntax: Syntax, expression: Node): Node {
  let node = unwrap(syntax, expression);
  while (syntax.name(node) === 'CallExpression') {
    const callee = syntax.first[node]!;
    const given = argumentsOf(syntax, node);
    const property = syntax.property(callee);
    if (isArrayCall(syntax, node)) return isNumbers(syntax, given[0]!.value) ? node : none;
    if (property === none || given.length > 0 || !keeping.has(syntax.source(property))) return none;
    node = unwrap(syntax, syntax.first[callee]!);
  }
  return isNumbers(syntax, node) ? node : none;
}

/** `torch.tensor(…)`, `np.array(…)` and their like, with something to make the array of. */
export function isArrayCall(syntax: Syntax, call: Node): boolean {
  if (syntax.name(call) !== 'CallExpression') return false;
  const callee = syntax.first[call]!;
  const property = syntax.property(callee);
  const word = property === none ? callee : property;
  if (!makers.has(syntax.source(word))) return false;
  const [data] = argumentsOf(syntax, call);
  return data !== undefined && data.keyword === undefined;
}

function isNumbers(syntax: Syntax, expression: Node): boolean {
  for (let node = expression; syntax.isStillIn(expression, node); ) {
    if (inArrays.has(syntax.name(node))) node++;
    else if (nonFinite.test(syntax.source(node))) {
      const number = node;
      while (syntax.isStillIn(number, node)) node++;
    } else return false;
  }
  return /\d|\]|\)|nan|inf|True|False/i.test(syntax.source(expression));
}

/** The source of the literal that the expression is, or surely holds; undefined when neither is known. */
export function literalText(values: Values, expression: Node): string | undefined {
  const { syntax } = values;
  let node = expression;
  for (let step = 0; step < longestAliases; step++) {
    const literal = arrayLiteral(syntax, node);
    if (literal !== none) return syntax.source(literal);
    const source = values.assignment(unwrap(syntax, node))?.source;
    if (source?.kind !== 'expression') return undefined;
    node = source.node;
  }
  return undefined;
}

/** A number, string, boolean or None, arithmetic on numbers included; undefined for anything else. */
export function constant(values: Values, expression: Node, depth = 0): ParameterValue | undefined {
  const { syntax } = values;
  if (depth > longestAliases) return undefined;
  const node = unwrap(syntax, expression);
  const text = syntax.source(node);
  switch (syntax.name(node)) {
    case 'Number':
      return number(text);
    case 'Boolean':
      return text === 'True';
    case 'None':
      return null;
    case 'String':
      return /^[uU]?(['"])([^'"\\\n]*)\1$/.exec(text)?.[2];
    case 'UnaryExpression': {
      const [operator = none, operand = none] = syntax.children(node);
      const value = constant(values, operand, depth + 1);
      const sign = syntax.source(operator);
      if (typeof value !== 'number' || (sign !== '-' && sign !== '+')) return undefined;
      return sign === '-' ? -value : value;
    }
    case 'BinaryExpression': {
      const [left = none, operator = none, right = none] = syntax.children(node);
      if (!isExpression(syntax, right)) return undefined;
      const x = constant(values, left, depth + 1);
      const y = constant(values, right, depth + 1);
      return typeof x === 'number' && typeof y === 'number'
        ? arithmetic(x, syntax.source(operator), y)
        : undefined;
    }
    case 'CallExpression':
      return nonFinite.test(text) ? number(text.replace(/^float\(\s*['"]|['"]\s*\)$/g, '')) : undefined;
    case 'MemberExpression':
    case 'VariableName': {
      if (nonFinite.test(text)) return number(text.slice(text.indexOf('.') + 1));
      const source = values.assignment(node)?.source;
      if (source?.kind !== 'expression') return undefined;
      return constant(values, source.node, depth + 1);
    }
    default:
      return undefined;
  }
}

function number(text: string): number | undefined {
  const plain = text.replaceAll('_', '').toLowerCase();
  const word = /^([+-]?)(nan|inf(?:inity)?)$/.exec(plain);
  if (word) return word[2] === 'nan' ? Number.NaN : word[1] === '-' ? -Infinity : Infinity;
  const value = Number(plain);
  return Number.isNaN(value) ? undefined : value;
}

/** As Python computes it: division by zero is an error there, so there is no value; `//` and `%` round down. */
function arithmetic(x: number, operator: string, y: number): number | undefined {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '**':
      return x ** y;
    case '/':
      return y === 0 ? undefined : x / y;
    case '//':
      return y === 0 ? undefined : Math.floor(x / y);
    case '%':
      return y === 0 ? undefined : x - y * Math.floor(x / y);
    default:
      return undefined;
  }
}
