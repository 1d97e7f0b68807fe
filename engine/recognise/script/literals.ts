/** Constants and array literals, as far as they can be read without running anything. */
import type { ParameterValue } from '../../evaluation.ts';
import { argumentsOf, type Node, none, type Syntax, unwrap } from './syntax.ts';
import type { Values } from './values.ts';

const longestAliases = 16;
const makers = /^(?:tensor|tensor[1-4]d|scalar|variable)$/;
const typedArrays = /^(?:Float32|Float64|Int8|Int16|Int32|Uint8|Uint16|Uint32)Array$/;
/** Methods without arguments that keep an array's numbers, shape and dtype. */
const keeping = new Set(['clone', 'variable']);
const inArrays = new Set([
  ...['ArrayExpression', 'ParenthesizedExpression', 'BooleanLiteral', 'UnaryExpression', 'ArithOp'],
  ...['(', ')', '[', ']', ',', 'LineComment', 'BlockComment'],
]);
const nonFinite = /^(?:NaN|Infinity|Number\.(?:NaN|POSITIVE_INFINITY|NEGATIVE_INFINITY))$/;

/**
 * The literal that an array expression is, as text that `parseArray` reads: `tf.tensor2d(…)` by that name, however the
 * source imports it. Undefined when it is none.
 */
export function arrayLiteral(syntax: Syntax, expression: Node): string | undefined {
  let node = unwrap(syntax, expression);
  for (let step = 0; step < longestAliases && syntax.name(node) === 'CallExpression'; step++) {
    const made = makerOf(syntax, node);
    if (made === 'variable') node = unwrap(syntax, argumentsOf(syntax, node)[0]!.value);
    else if (made !== undefined) return tensor(syntax, made, node);
    else {
      const callee = unwrap(syntax, syntax.first[node]!);
      const method = syntax.word(syntax.property(callee));
      if (method === undefined || !keeping.has(method) || argumentsOf(syntax, node).length > 0)
        return undefined;
      node = unwrap(syntax, syntax.first[callee]!);
    }
  }
  if (syntax.name(node) !== 'NewExpression') return isNumbers(syntax, node) ? plain(syntax, node) : undefined;
  const [, callee = none] = syntax.children(node);
  const [data] = argumentsOf(syntax, node);
  if (!typedArrays.test(syntax.source(callee)) || !data || data.spread) return undefined;
  // Given a number, it makes that many zeros.
  if (syntax.name(unwrap(syntax, data.value)) !== 'ArrayExpression' || !isNumbers(syntax, data.value))
    return undefined;
  return `${syntax.source(callee)}(${plain(syntax, data.value)})`;
}

/** The name of the function that makes a tensor of numbers, where this call is one of it. */
export function makerOf(syntax: Syntax, call: Node): string | undefined {
  if (syntax.name(call) !== 'CallExpression') return undefined;
  const callee = unwrap(syntax, syntax.first[call]!);
  const property = syntax.property(callee);
  const name = syntax.word(property === none ? callee : property);
  const [data] = argumentsOf(syntax, call);
  return name !== undefined && makers.test(name) && data && !data.spread ? name : undefined;
}

function tensor(syntax: Syntax, maker: string, call: Node): string | undefined {
  const [data, ...others] = argumentsOf(syntax, call);
  const numbers = arrayLiteral(syntax, data!.value);
  if (numbers === undefined || others.some(({ spread }) => spread)) return undefined;
  const rest: string[] = [];
  const named = maker === 'scalar' || maker === 'tensor1d' ? ['dtype'] : ['shape', 'dtype'];
  for (const [i, { value }] of others.entries()) {
    const text = plain(syntax, value);
    if (/^(undefined|null)$/.test(text)) continue;
    const isDType = syntax.name(value) === 'String';
    if (named[i] === undefined || (!isDType && !isNumbers(syntax, value))) return undefined;
    rest.push(`, ${named[i]}=${text}`);
  }
  // A typed array has a dtype of its own, which the tensor takes over.
  return `tf.${maker}(${numbers}${rest.join('')})`;
}

function isNumbers(syntax: Syntax, expression: Node): boolean {
  const end = syntax.to[expression]!;
  let node = expression;
  while (node < syntax.size && syntax.from[node]! < end) {
    const name = syntax.name(node);
    if (inArrays.has(name)) node++;
    else if (name === 'Number' && !/^0[xob]|n$/i.test(syntax.source(node))) node++;
    else if (/^(VariableName|MemberExpression)$/.test(name) && nonFinite.test(syntax.source(node))) {
      const after = syntax.to[node]!;
      while (node < syntax.size && syntax.from[node]! < after) node++;
    } else return false;
  }
  return /\d|\]|NaN|Infinity|true|false/.test(syntax.source(expression));
}

/** The source of a node, blanks in place of its comments. */
function plain(syntax: Syntax, node: Node): string {
  const [from, to] = [syntax.from[node]!, syntax.to[node]!];
  let text = syntax.source(node);
  for (const comment of syntax.comments) {
    const start = syntax.from[comment]!;
    if (start < from || start >= to) continue;
    const end = syntax.to[comment]!;
    text = text.slice(0, start - from) + ' '.repeat(end - start) + text.slice(end - from);
  }
  return text;
}

/** The literal that the expression is, or surely holds; undefined when neither is known. */
export function literalText(values: Values, expression: Node): string | undefined {
  const { syntax } = values;
  let node = expression;
  for (let step = 0; step < longestAliases; step++) {
    const literal = arrayLiteral(syntax, node);
    if (literal !== undefined) return literal;
    const source = values.assignment(unwrap(syntax, node))?.source;
    if (source?.kind !== 'expression') return undefined;
    node = source.node;
  }
  return undefined;
}

/** A number, string, boolean or null, arithmetic on numbers included; undefined for anything else. */
export function constant(values: Values, expression: Node, depth = 0): ParameterValue | undefined {
  const { syntax } = values;
  if (depth > longestAliases) return undefined;
  const node = unwrap(syntax, expression);
  const text = syntax.source(node);
  switch (syntax.name(node)) {
    case 'Number':
      return number(text);
    case 'BooleanLiteral':
      return text === 'true';
    case 'null':
      return null;
    case 'String':
      return syntax.word(node);
    case 'UnaryExpression': {
      const [operator = none, operand = none] = syntax.children(node);
      const value = constant(values, operand, depth + 1);
      const sign = syntax.source(operator);
      if (typeof value !== 'number' || (sign !== '-' && sign !== '+')) return undefined;
      return sign === '-' ? -value : value;
    }
    case 'BinaryExpression': {
      const [left = none, operator = none, right = none] = syntax.children(node);
      const x = constant(values, left, depth + 1);
      const y = constant(values, right, depth + 1);
      return typeof x === 'number' && typeof y === 'number'
        ? arithmetic(x, syntax.source(operator), y)
        : undefined;
    }
    case 'MemberExpression':
    case 'VariableName': {
      if (nonFinite.test(text)) return numberNamed(text);
      const [value, ...others] = values.of(node);
      const path = value?.kind === 'path' && others.length === 0 ? value.path : '';
      const reduction = /^tf\.Reduction\.(\w+)$/.exec(path)?.[1];
      if (reduction) return reduction;
      const source = values.assignment(node)?.source;
      return source?.kind === 'expression' ? constant(values, source.node, depth + 1) : undefined;
    }
    default:
      return undefined;
  }
}

function number(text: string): number | undefined {
  const value = Number(text.replaceAll('_', ''));
  return Number.isNaN(value) ? undefined : value;
}

function numberNamed(text: string): number {
  if (text.endsWith('NaN')) return Number.NaN;
  return text.includes('NEGATIVE') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

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
      return x / y;
    case '%':
      return x % y;
    default:
      return undefined;
  }
}
