/** The values of a kernel's nodes as WGSL, each computed once where it is needed, and where the arrays stand. */
import type { Dims, Expr } from '../../../language/expression.ts';
import { isTruth, operations } from '../../../language/operations.ts';
import { scratch } from './pieces.ts';
import type { Text } from './text.ts';

export interface Strides {
  /** Elements to step along each dimension: of `input:x`, `gradient:x`, `elements`. */
  strides(array: string): readonly number[];
}

const lastOf = (mask: Dims): number => 31 - Math.clz32(mask);

export const dimsOf = (mask: Dims): number[] =>
  Array.from({ length: 32 - Math.clz32(mask) }, (_, d) => d).filter((d) => mask & (1 << d));

export class Values {
  readonly #text: Text;
  readonly #inner: Dims;
  readonly #context: Strides;
  /** Variables that hold nodes' values: the kernel's, the row's, the position's. */
  readonly #scopes: Map<Expr, string>[] = [new Map()];
  readonly #positions = new Map<number, string>();

  /** @param inner the dimensions of which a row has all positions */
  constructor(text: Text, inner: Dims, context: Strides) {
    this.#text = text;
    this.#inner = inner;
    this.#context = context;
  }

  /** What `write` computes is forgotten after it. */
  scope(write: () => void): void {
    this.#scopes.push(new Map());
    write();
    this.#scopes.pop();
  }

  /** Writes what happens at a flat position over some dimensions, the last one fastest. */
  at(flat: string, dims: readonly number[], write: () => void): void {
    this.#decode(flat, dims);
    this.scope(write);
    for (const d of dims) this.#positions.delete(d);
  }

  #decode(flat: string, dims: readonly number[]): void {
    let rest = flat;
    for (const [i, d] of [...dims].reverse().entries()) {
      if (i === dims.length - 1) {
        this.#positions.set(d, rest);
        return;
      }
      const size = this.#text.word({ kind: 'size', dim: d });
      this.#positions.set(d, this.#text.let(`${rest} % ${size}`));
      rest = this.#text.let(`${rest} / ${size}`);
    }
  }

  set(node: Expr, name: string): void {
    this.#scopes.at(-1)!.set(node, name);
  }

  of(node: Expr): string {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const known = this.#scopes[i]!.get(node);
      if (known) return known;
    }
    if (node.dims === 0) return this.#number(node);
    const name = this.#text.let(this.#compute(node));
    this.set(node, name);
    return name;
  }

  #compute(node: Expr): string {
    switch (node.kind) {
      case 'input':
        return this.#load(`input:${node.name}`, this.offset(`input:${node.name}`, node.dims));
      case 'index':
        return `f32(${this.#positions.get(lastOf(node.dims))!})`;
      case 'gather': {
        const array = `input:${node.input.name}`;
        const at = this.of(node.at);
        const along = this.#scaled(array, lastOf(node.along), `u32(${at})`);
        return this.#load(array, `${this.offset(array, node.input.dims & ~node.along)} + ${along}`);
      }
      case 'neighbour': {
        // At the ends it stays where it is: what it finds there is never used.
        const array = `input:${node.input.name}`;
        const dim = lastOf(node.along);
        const size = this.#text.word({ kind: 'size', dim });
        const here = this.#positions.get(dim)!;
        const there = this.#text.let(`u32(i32(${here}) + (${node.offset}))`);
        const position = this.#text.let(`select(${here}, ${there}, ${there} < ${size})`);
        const along = this.#scaled(array, dim, position);
        return this.#load(array, `${this.offset(array, node.input.dims & ~node.along)} + ${along}`);
      }
      case 'reduce':
        return this.#load(scratch, `${this.#text.word({ kind: 'base', node })} + ${this.compact(node.dims)}`);
      case 'apply':
        return operations[node.operation].wgsl!(...node.args.map((arg) => this.of(arg)));
      default:
        throw new Error(`a kernel holds no '${node.kind}' with dimensions`);
    }
  }

  #load(array: string, offset: string): string {
    return `${this.#text.array(array)}[${offset}]`;
  }

  /** Where an array stands, over some of its dimensions. */
  offset(array: string, dims: Dims): string {
    const strides = this.#context.strides(array);
    const isInner = (d: number): boolean => (this.#inner & (1 << d)) !== 0;
    const present = dimsOf(dims).filter((d) => strides[d] !== 0);
    // The row's own first: they are the same for all of its positions.
    const ordered = [...present.filter((d) => !isInner(d)), ...present.filter(isInner)];
    return ordered.map((d) => this.#scaled(array, d, this.#positions.get(d)!)).join(' + ') || '0u';
  }

  #scaled(array: string, dim: number, position: string): string {
    if (this.#context.strides(array)[dim] === 1) return position;
    return `${position} * ${this.#text.word({ kind: 'stride', array, dim })}`;
  }

  /** The flat position in a row-major array over these dimensions. */
  compact(dims: Dims): string {
    return dimsOf(dims).reduce((flat, d) => {
      const position = this.#positions.get(d)!;
      return flat === ''
        ? position
        : `(${flat}) * ${this.#text.word({ kind: 'size', dim: d })} + ${position}`;
    }, '');
  }

  /** A number without dimensions: written out, a word of the block, or computed from what earlier kernels reduced. */
  #number(node: Expr): string {
    if (node.kind === 'constant' && Number.isFinite(Math.fround(node.value))) return literal(node.value);
    const value = this.#text.inPrologue(() => this.#text.let(this.#numberText(node)));
    this.#scopes[0]!.set(node, value);
    return value;
  }

  #numberText(node: Expr): string {
    if (!readsReductions(node)) {
      const value = `bitcast<f32>(${this.#text.word({ kind: 'number', node })})`;
      return isTruth(node) ? `${value} != 0f` : value;
    }
    if (node.kind === 'reduce') return this.#load(scratch, this.#text.word({ kind: 'base', node }));
    if (node.kind === 'apply') {
      return operations[node.operation].wgsl!(...node.args.map((arg) => this.of(arg)));
    }
    throw new Error(`'${node.kind}' is no number`);
  }
}

/** Whether a number is known only after an earlier kernel. */
function readsReductions(node: Expr): boolean {
  if (node.kind === 'reduce') return true;
  return node.kind === 'apply' && node.args.some(readsReductions);
}

/** A float32 as WGSL writes it. */
function literal(value: number): string {
  const text = `${Math.fround(value)}f`;
  return text.startsWith('-') ? `(${text})` : text;
}
