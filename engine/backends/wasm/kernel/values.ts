/** Expressions as vectors: each is computed once in the loop that it belongs to. */
import type { Expr, Gather, Neighbour, Reduce } from '../../../language/expression.ts';
import { operations } from '../../../language/operations.ts';
import type { Block } from './block.ts';
import type { Place } from './place.ts';
import { get, i32, type Text } from './text.ts';
import type { Windows } from './windows.ts';

/** Arrays that hold what nodes came to before. */
export interface Held {
  /** What an earlier kernel accumulated. */
  accumulated(node: Reduce): string;
  /** What an earlier loop of the row kept for the present one. */
  kept(node: Expr): string | undefined;
}

export class Values {
  /** What nodes come to in code that is far from the ends of dimensions. */
  rewritten: ((node: Expr) => Expr) | undefined;
  readonly #text: Text;
  readonly #block: Block;
  readonly #place: Place;
  readonly #windows: Windows;
  readonly #held: Held;
  /** Locals that hold nodes' values, innermost scope last. */
  readonly #scopes: Map<Expr, string>[] = [new Map()];
  /** What the loops of a row have added up, in float64. */
  readonly #totals = new Map<Expr, string>();
  /** How far away neighbours across the lanes lie, where that is known before the lanes run. */
  readonly #distances = new Map<Expr, string>();

  constructor(text: Text, block: Block, place: Place, windows: Windows, held: Held) {
    this.#text = text;
    this.#block = block;
    this.#place = place;
    this.#windows = windows;
    this.#held = held;
  }

  /** What is computed inside holds there alone. */
  scope(write: () => void, scope = new Map<Expr, string>()): void {
    this.#scopes.push(scope);
    write();
    this.#scopes.pop();
  }

  of(asked: Expr): string {
    const node = this.rewritten?.(asked) ?? asked;
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const known = this.#scopes[i]!.get(node);
      if (known) return known;
    }
    const local = this.#compute(node);
    const scope = node.dims === 0 ? this.#scopes[0]! : this.#scopes.at(-1)!;
    scope.set(node, local);
    return local;
  }

  /** Says what a reduction came to, and what its float64 is if it is a sum. */
  set(node: Reduce, local: string, total?: string): void {
    this.#scopes.at(-1)!.set(node, local);
    if (total !== undefined) this.#totals.set(node, total);
  }

  /** Computes how far away a neighbour is, for all that comes. */
  setDistance(node: Neighbour): void {
    this.#distances.set(node, get(this.#text.set('i32', this.#distance(node))));
  }

  #compute(node: Expr): string {
    const [text, place] = [this.#text, this.#place];
    if (node.dims === 0)
      return node.kind === 'constant' ? text.splatNumber(node.value) : this.#block.number(node);
    const kept = this.#held.kept(node);
    if (kept) return text.set('v128', place.load(kept));
    switch (node.kind) {
      case 'input':
        return text.set('v128', place.load(this.#windows.rowOf(node.name)));
      case 'index':
        return this.#index(31 - Math.clz32(node.dims));
      case 'gather':
        return this.#gather(node);
      case 'neighbour':
        return this.#neighbour(node);
      case 'reduce':
        return text.set('v128', place.load(this.#held.accumulated(node)));
      case 'apply': {
        // A norm is rounded once, from the sum of squares as it was added up.
        const total = node.operation === 'sqrt' && this.#totals.get(node.args[0]!);
        if (total) return text.set('v128', text.splatF64(`(f64.sqrt ${total})`));
        const args = node.args.map((arg) => this.of(arg));
        return operations[node.operation].wasm!(text, text.lanes, args);
      }
      default:
        throw new Error(`a kernel holds no '${node.kind}' with dimensions`);
    }
  }

  /** Positions along one dimension, as numbers. */
  #index(dim: number): string {
    const [text, place] = [this.#text, this.#place];
    if (dim !== place.lane) return text.set('v128', text.splatInteger(get(place.positions.get(dim)!)));
    const places = Array.from({ length: text.count }, (_, lane) => place.ahead(lane));
    return text.set(
      'v128',
      `(${text.lanes}.add ${text.splatInteger(get(place.lanePosition))} ${get(text.constant(`${text.lanes} ${places.join(' ')}`))})`,
    );
  }

  #gather(node: Gather): string {
    const [text, block, place] = [this.#text, this.#block, this.#place];
    const array = `input:${node.input.name}`;
    const along = 31 - Math.clz32(node.along);
    const at = this.of(node.at);
    const kind = text.lanes === 'f32x4' ? 'i32.trunc_sat_f32_s' : 'i32.trunc_sat_f64_s';
    const offset = (lane: number): string =>
      `(i32.mul (${kind} (${text.lanes}.extract_lane ${lane} ${get(at)})) ${block.stride(array, along)})`;
    const base = get(place.without(along, array));
    const moves = along !== place.lane && block.step(array, place.lane) !== 'none';
    const differs = moves || (node.at.dims & (1 << place.lane)) !== 0;
    if (!place.inLanes || !differs) {
      return text.set('v128', place.loadSplat(`(i32.add ${base} ${offset(0)})`));
    }
    return place.loadLanes((lane) => {
      const own = `(i32.add ${base} ${offset(lane)})`;
      return moves
        ? `(i32.add ${own} (i32.mul ${block.stride(array, place.lane)} ${i32(place.ahead(lane))}))`
        : own;
    });
  }

  /**
   * A load some positions away. Along the lanes it may reach a vector beyond either end, where there is padding; along
   * another dimension it stays where it is at the ends. What it finds there is never used.
   */
  #neighbour(node: Neighbour): string {
    const [text, place, windows] = [this.#text, this.#place, this.#windows];
    const { input, offset } = node;
    if (windows.holds(node)) return text.set('v128', place.load(windows.rowOf(input.name, offset)));
    const array = node.along === 1 << place.lane ? windows.rowOf(input.name) : `input:${input.name}`;
    const distance = this.#distances.get(node) ?? this.#distance(node);
    return text.set('v128', place.load(array, `(i32.add ${get(place.pointer(array))} ${distance})`));
  }

  #distance({ input, along, offset }: Neighbour): string {
    return this.#place.distance(`input:${input.name}`, 31 - Math.clz32(along), offset);
  }
}
