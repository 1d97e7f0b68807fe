/** Loops over dimensions: the addresses of arrays move along, and the last, partial vector has a mask. */
import type { Block } from './block.ts';
import { type Edge, without } from './edges.ts';
import type { Place } from './place.ts';
import { get, i32, type Text } from './text.ts';
import type { Values } from './values.ts';
import type { Windows } from './windows.ts';

/** Roundings of a lane's sum before it is folded into float64: even of equal numbers, whose errors all go one way, it stays within 2⁻²⁰. */
const folded = 32;

interface Lanes {
  /** How many positions along the lanes' dimension, and the first of them. */
  readonly count: () => string;
  readonly first: string;
  readonly arrays: Iterable<string>;
  /** How many vectors run side by side where there are as many. */
  readonly vectors: number;
  /** Is told how many vectors it is for. */
  readonly body: (vectors: number) => void;
  /** Before sums of as many vectors have been rounded `folded` times. */
  readonly fold: () => void;
}

export class Loops {
  readonly #text: Text;
  readonly #block: Block;
  readonly #place: Place;
  readonly #values: Values;
  readonly #windows: Windows;
  /** What nodes select by that is true but near the ends of a dimension. */
  readonly #edges: readonly Edge[];

  constructor(
    text: Text,
    block: Block,
    place: Place,
    values: Values,
    windows: Windows,
    edges: readonly Edge[],
  ) {
    this.#text = text;
    this.#block = block;
    this.#place = place;
    this.#values = values;
    this.#windows = windows;
    this.#edges = edges;
  }

  /** Over some dimensions, outermost first. */
  nest(dims: readonly number[], arrays: Iterable<string>, body: () => void): void {
    const [text, block, place] = [this.#text, this.#block, this.#place];
    const [d, ...others] = dims;
    if (d === undefined) {
      body();
      return;
    }
    const label = text.label();
    const position = text.set('i32', i32(0));
    place.positions.set(d, position);
    const pointers = place.copies([...arrays].filter((array) => block.step(array, d) !== 'none'));
    place.enter(pointers);
    text.emit(
      `(block ${label}_end (loop ${label} (br_if ${label}_end (i32.ge_u ${get(position)} ${block.size(d)}))`,
    );
    this.nest(others, arrays, body);
    for (const [array, pointer] of pointers) {
      text.emit(`(local.set ${pointer} (i32.add ${get(pointer)} ${block.stride(array, d)}))`);
    }
    text.emit(`(local.set ${position} (i32.add ${get(position)} ${i32(1)}))`);
    text.emit(`(br ${label})))`);
    place.leave();
    place.positions.delete(d);
  }

  /** Over the lanes' dimension: some vectors at a time, what is left with a mask. */
  lanes({ count, first, arrays, vectors, body, fold }: Lanes): void {
    const [text, block, place] = [this.#text, this.#block, this.#place];
    const { lane } = place;
    const label = text.label();
    const moving = [...arrays, ...this.#windows.rows].filter((array) => block.step(array, lane) !== 'none');
    const pointers = place.copies(moving);
    place.enter(pointers);
    const remaining = text.set('i32', count());
    const left = text.declare('i32');
    place.lanePosition = text.set('i32', first);

    const advance = (vectors: number): void => {
      const lanes = vectors * text.count;
      for (const [array, pointer] of pointers) {
        const step =
          block.step(array, lane) === 'unit'
            ? i32(lanes * block.bytesOf(array))
            : `(i32.mul ${block.stride(array, lane)} ${i32(lanes)})`;
        text.emit(`(local.set ${pointer} (i32.add ${get(pointer)} ${step}))`);
      }
      text.emit(`(local.set ${place.lanePosition} (i32.add ${get(place.lanePosition)} ${i32(lanes)}))`);
      text.emit(`(local.set ${left} (i32.sub ${get(left)} ${i32(lanes)}))`);
    };
    const run = (folded - vectors + 1) * vectors * text.count;
    text.emit(
      `(block ${label}_all (loop ${label}_folds (br_if ${label}_all (i32.le_s ${get(remaining)} ${i32(0)}))`,
    );
    text.emit(
      `(local.set ${left} (select ${get(remaining)} ${i32(run)} (i32.lt_s ${get(remaining)} ${i32(run)})))`,
    );
    text.emit(`(local.set ${remaining} (i32.sub ${get(remaining)} ${get(left)}))`);

    const edges = this.#edges.filter(({ dim }) => dim === lane || place.positions.has(dim));
    const rest = `(block ${label}_none (loop ${label}_rest (br_if ${label}_none (i32.le_s ${get(left)} ${i32(0)}))`;
    // Near an edge a vector runs the body with a mask, before and after those that are far from all of them.
    if (edges.length > 0) text.emit(rest);
    const whole = edges.length > 0 ? this.#farFrom(edges, left) : left;
    if (edges.length > 0) this.#values.rewritten = without(edges);
    // One by one before those near an edge: the body with a mask takes several times as long.
    for (const some of edges.length > 0 && vectors > 1 ? [vectors, 1] : [vectors]) {
      const own = `${label}_${some}`;
      const lanes = i32(some * text.count);
      text.emit(`(block ${own}_end (loop ${own} (br_if ${own}_end (i32.lt_s ${get(whole)} ${lanes}))`);
      this.#values.scope(() => body(some));
      advance(some);
      if (whole !== left) text.emit(`(local.set ${whole} (i32.sub ${get(whole)} ${lanes}))`);
      text.emit(`(br ${own})))`);
    }
    this.#values.rewritten = undefined;

    text.emit(edges.length > 0 ? `(br_if ${label}_none (i32.le_s ${get(left)} ${i32(0)}))` : rest);
    place.mask = text.set(
      'v128',
      text.lanes === 'f32x4'
        ? `(i32x4.lt_s ${get(text.constant('i32x4 0 1 2 3'))} (i32x4.splat ${get(left)}))`
        : `(i64x2.lt_s ${get(text.constant('i64x2 0 1'))} (i64x2.splat (i64.extend_i32_s ${get(left)})))`,
    );
    place.left = left;
    this.#values.scope(() => body(1));
    place.mask = undefined;
    advance(1);
    text.emit(`(br ${label}_rest)))`);
    fold();
    text.emit(`(br ${label}_folds)))`);
    place.leave();
  }

  /** How many of the positions that are left are far from the edges, from the current one on. */
  #farFrom(edges: readonly Edge[], left: string): string {
    const [text, place] = [this.#text, this.#place];
    const offsets = edges.filter(({ dim }) => dim === place.lane).map(({ offset }) => offset);
    const room = text.set(
      'i32',
      `(i32.sub (i32.sub ${this.#block.size(place.lane)} ${i32(Math.max(0, ...offsets))}) ${get(place.lanePosition)})`,
    );
    const isFar = edges
      .filter(({ dim }) => dim !== place.lane)
      .map(({ dim, offset }) => place.isInside(dim, offset))
      .reduce(
        (all, one) => `(i32.and ${all} ${one})`,
        `(i32.ge_s ${get(place.lanePosition)} ${i32(-Math.min(0, ...offsets))})`,
      );
    const least = `(select ${get(room)} ${get(left)} (i32.lt_s ${get(room)} ${get(left)}))`;
    return text.set('i32', `(select ${least} ${i32(0)} ${isFar})`);
  }
}
