/** Ranks and last dimensions, as far as they can be read. */
import { constant } from '../../recognise/python/literals.ts';
import { argumentsOf, isExpression, type Node, none, unwrap } from '../../recognise/python/syntax.ts';
import type { Shape, Tensor } from '../tensor.ts';
import type { PythonProgram } from './program.ts';

const made = new Set('randn rand zeros ones empty'.split(' '));

/** The tensor that `torch.randn(4, 1)` and its like make. */
export function shapeMade(program: PythonProgram, path: string, call: Node): Tensor | undefined {
  const name = /^torch\.(\w+)$/.exec(path)?.[1];
  if (name === undefined) return undefined;
  const { syntax } = program;
  const dtype = program.path(program.keyword(call, 'dtype')) ?? '';
  const given = argumentsOf(syntax, call);
  const integer = dtype === 'torch.long' || dtype === 'torch.int64';
  if (name === 'arange') return { shape: { rank: 1 } };
  if (name === 'randint') {
    const size =
      given.find(({ keyword }) => keyword === 'size')?.value ??
      given.filter(({ keyword }) => !keyword).at(-1)?.value;
    const shape = size === undefined ? undefined : shapeOfTuple(program, size);
    return { ...(dtype === '' || integer ? { kind: 'long' as const } : {}), ...(shape && { shape }) };
  }
  if (name === 'tensor') {
    const data = given[0]?.keyword === undefined ? unwrap(syntax, given[0]?.value ?? none) : none;
    const shape = nested(program, data);
    return { ...(integer && { kind: 'long' as const }), ...(shape && { shape }) };
  }
  if (!made.has(name)) return undefined;
  const sizes = given
    .filter(({ keyword }) => keyword === undefined || keyword === 'size')
    .map(({ value }) => value);
  if (given.some(({ keyword }) => keyword === '*')) return {};
  const shape =
    sizes.length === 1 && /^(Tuple|Array)Expression$/.test(syntax.name(unwrap(syntax, sizes[0]!)))
      ? shapeOfTuple(program, sizes[0]!)
      : shapeOfSizes(program, sizes);
  const kind = dtype === '' ? ('float' as const) : integer ? ('long' as const) : undefined;
  return { ...(kind && { kind }), ...(shape && { shape }) };
}

function shapeOfSizes(program: PythonProgram, sizes: readonly Node[]): Shape | undefined {
  const last = sizes.at(-1);
  if (last === undefined) return undefined;
  // One name may be a whole size: `torch.randn(shape)`.
  if (sizes.length === 1 && typeof constant(program.values, last) !== 'number') return undefined;
  const size = constant(program.values, last);
  return { rank: sizes.length, ...(typeof size === 'number' && { last: size }) };
}

function shapeOfTuple(program: PythonProgram, tuple: Node): Shape | undefined {
  const { syntax } = program;
  const node = unwrap(syntax, tuple);
  if (!/^(Tuple|Array)Expression$/.test(syntax.name(node))) return undefined;
  const items = syntax.children(node);
  if (items.some((item) => syntax.name(item) === '*')) return undefined;
  const sizes = items.filter((item) => isExpression(syntax, item));
  const size = sizes.length === 0 ? undefined : constant(program.values, sizes.at(-1)!);
  return { rank: sizes.length, ...(typeof size === 'number' && { last: size }) };
}

/** Of `[[1.], [2.]]`: rank 2, last 1. */
function nested(program: PythonProgram, literal: Node): Shape | undefined {
  const { syntax } = program;
  let rank = 0;
  let node = literal;
  while (syntax.name(node) === 'ArrayExpression') {
    rank++;
    const items = syntax.children(node).filter((item) => isExpression(syntax, item));
    const first = items[0];
    if (first === undefined) return undefined;
    const name = syntax.name(first);
    if (name !== 'ArrayExpression') {
      if (name !== 'Number' && name !== 'UnaryExpression') return undefined;
      return { rank, last: items.length };
    }
    node = first;
  }
  return undefined;
}

/** What a method or function does to a shape; `undefined` when that cannot be read. */
export function shapeAfter(
  program: PythonProgram,
  name: string,
  before: Shape | undefined,
  call: Node,
  others: readonly Node[],
): Shape | undefined {
  const numbers = others.map((other) => constant(program.values, other));
  switch (name) {
    case 'view':
    case 'reshape': {
      if (others.length === 0 || argumentsOf(program.syntax, call).some(({ keyword }) => keyword))
        return undefined;
      if (others.length > 1) {
        const last = numbers.at(-1);
        return { rank: others.length, ...(typeof last === 'number' && last > 0 && { last }) };
      }
      return numbers[0] === -1 ? { rank: 1 } : shapeOfTuple(program, others[0]!);
    }
    case 'ravel':
      return { rank: 1 };
    case 'flatten':
      return others.length === 0 ? { rank: 1 } : undefined;
    case 'unsqueeze': {
      const axis = numbers[0];
      if (before?.rank === undefined) return axis === -1 ? { last: 1 } : undefined;
      const atEnd = axis === -1 || axis === before.rank;
      return {
        rank: before.rank + 1,
        ...(atEnd ? { last: 1 } : before.last !== undefined && { last: before.last }),
      };
    }
    case 'squeeze': {
      if (others.length === 0) return undefined;
      const axis = numbers[0];
      if (before?.last === 1 && before.rank !== undefined && (axis === -1 || axis === before.rank - 1))
        return { rank: before.rank - 1 };
      return undefined;
    }
    case 'permute':
    case 'transpose':
    case 'gather':
    case 'index_select':
    case 'narrow':
    case 't':
    case 'movedim':
    case 'swapaxes':
    case 'expand':
    case 'repeat':
    case 'view_as':
    case 'reshape_as':
    case 'expand_as':
    case 'squeeze_':
    case 'unsqueeze_':
    case 'unflatten':
    case 'interpolate':
    case 'upsample':
      return undefined;
    default:
      return before;
  }
}
