/** Ranks and last dimensions, as far as they can be read. */
import { constant } from '../../recognise/script/literals.ts';
import { argumentsOf, isExpression, type Node, none } from '../../recognise/script/syntax.ts';
import type { Kind, Shape, Tensor } from '../tensor.ts';
import type { ScriptProgram } from './program.ts';

/** By the name of the maker: its number of dimensions, and the places of its shape and its dtype. */
const ofData: Readonly<Record<string, { rank?: number; shape?: number; dtype: number }>> = {
  scalar: { rank: 0, dtype: 1 },
  tensor1d: { rank: 1, dtype: 1 },
  tensor2d: { rank: 2, shape: 1, dtype: 2 },
  tensor3d: { rank: 3, shape: 1, dtype: 2 },
  tensor4d: { rank: 4, shape: 1, dtype: 2 },
  tensor: { shape: 1, dtype: 2 },
};
const ofShape: Readonly<Record<string, number>> = {
  zeros: 1,
  ones: 1,
  fill: 2,
  randomNormal: 3,
  truncatedNormal: 3,
  randomUniform: 3,
};

/** The tensor that `tf.tensor2d(…)` and its like make; `undefined` for any other function. */
export function tensorMade(program: ScriptProgram, name: string, call: Node): Tensor | undefined {
  const given = argumentsOf(program.syntax, call);
  if (given.some(({ spread }) => spread)) return undefined;
  const at = (index: number) => given[index]?.value ?? none;
  if (Object.hasOwn(ofData, name)) {
    const { rank, shape: place, dtype } = ofData[name]!;
    const nested = nestedShape(program, at(0));
    const written = place === undefined ? undefined : listShape(program, at(place));
    const shape = written ?? nested ?? (rank === undefined ? undefined : { rank });
    const kind = kindOf(program, at(dtype)) ?? (at(dtype) === none && nested ? nested.kind : undefined);
    return { ...(shape && { shape: sized(shape) }), ...(kind && { kind }) };
  }
  if (Object.hasOwn(ofShape, name)) {
    const shape = listShape(program, at(0));
    const dtype = at(ofShape[name]!);
    const kind = dtype === none ? 'float' : kindOf(program, dtype);
    return { ...(shape && { shape }), ...(kind && { kind }) };
  }
  if (name === 'linspace' || name === 'range') {
    const dtype = at(3);
    const kind = dtype === none ? 'float' : kindOf(program, dtype);
    return { shape: { rank: 1 }, ...(kind && { kind }) };
  }
  return undefined;
}

const sized = ({ rank, last }: Shape): Shape => ({
  ...(rank !== undefined && { rank }),
  ...(last !== undefined && { last }),
});

export function kindOf(program: ScriptProgram, dtype: Node): Kind | undefined {
  const name = dtype === none ? undefined : constant(program.values, dtype);
  if (name === 'float32') return 'float';
  if (name === 'int32') return 'int';
  return name === 'bool' ? 'bool' : undefined;
}

/** `[32, 1]`, or a size of which only the length is known. */
export function listShape(program: ScriptProgram, list: Node): Shape | undefined {
  const { syntax } = program;
  if (list === none) return undefined;
  const node = program.unwrap(program.assigned(list) ?? list);
  if (syntax.name(node) !== 'ArrayExpression') return undefined;
  const children = syntax.children(node);
  if (children.some((child) => syntax.name(child) === 'Spread')) return undefined;
  const sizes = children.filter((child) => isExpression(syntax, child));
  const last = sizes.length === 0 ? undefined : constant(program.values, sizes.at(-1)!);
  return { rank: sizes.length, ...(typeof last === 'number' && last > 0 && { last }) };
}

/** Of `[[1], [2]]`: rank 2, last 1. Its numbers make a dtype, as the first one says. */
function nestedShape(program: ScriptProgram, literal: Node): (Shape & { kind?: Kind }) | undefined {
  const { syntax } = program;
  let rank = 0;
  let node = literal === none ? none : program.unwrap(literal);
  while (syntax.name(node) === 'ArrayExpression') {
    rank++;
    const children = syntax.children(node);
    if (children.some((child) => syntax.name(child) === 'Spread')) return undefined;
    const items = children.filter((item) => isExpression(syntax, item));
    const [first] = items;
    if (first === undefined) return undefined;
    if (syntax.name(first) !== 'ArrayExpression') {
      const value = constant(program.values, first);
      if (typeof value !== 'number' && typeof value !== 'boolean') return undefined;
      return { rank, last: items.length, kind: typeof value === 'number' ? 'float' : 'bool' };
    }
    node = first;
  }
  return undefined;
}

/** What a method or function does to a shape; `undefined` when that cannot be read. */
export function shapeAfter(
  program: ScriptProgram,
  name: string,
  before: Shape | undefined,
  others: readonly Node[],
): Shape | undefined {
  const numbers = others.map((other) => constant(program.values, other));
  switch (name) {
    case 'reshape':
      return others.length === 1 ? listShape(program, others[0]!) : undefined;
    case 'flatten':
    case 'as1D':
      return { rank: 1 };
    case 'as2D': {
      const last = numbers[1];
      return { rank: 2, ...(typeof last === 'number' && last > 0 && { last }) };
    }
    case 'asScalar':
      return { rank: 0 };
    case 'expandDims': {
      const axis = others.length === 0 ? 0 : numbers[0];
      if (before?.rank === undefined) return axis === -1 ? { last: 1 } : undefined;
      if (typeof axis !== 'number') return { rank: before.rank + 1 };
      const atEnd = axis === -1 || axis === before.rank;
      return {
        rank: before.rank + 1,
        ...(atEnd ? { last: 1 } : before.last !== undefined && { last: before.last }),
      };
    }
    case 'squeeze':
    case 'reshapeAs':
    case 'as3D':
    case 'as4D':
    case 'transpose':
    case 'slice':
    case 'gather':
    case 'concat':
    case 'stack':
    case 'unstack':
    case 'tile':
    case 'pad':
      return undefined;
    default:
      return before;
  }
}
