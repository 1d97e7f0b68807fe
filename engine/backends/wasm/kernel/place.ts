/** Where in the loops the code stands that is being written, and what it reads and writes there. */
import type { Block } from './block.ts';
import { get, i32, type Text } from './text.ts';

export class Place {
  /** The dimension that lanes run along. */
  readonly lane: number;
  /** The current position along each dimension that is looped over: an i32 local. */
  readonly positions = new Map<number, string>();
  lanePosition = '';
  /** Which of some vectors side by side the code is for. */
  vector = 0;
  /** All ones in the lanes that count, in the last, partial vector. */
  mask: string | undefined;
  /** How many lanes count there. */
  left = '';
  readonly #text: Text;
  readonly #block: Block;
  readonly #laneIsInner: boolean;
  /** The current address of each array, innermost loop last. */
  readonly #pointers: Map<string, string>[] = [];

  constructor(text: Text, block: Block, lane: number, laneIsInner: boolean) {
    this.#text = text;
    this.#block = block;
    this.lane = lane;
    this.#laneIsInner = laneIsInner;
  }

  // Addresses

  pointer(array: string): string {
    return this.#pointers.at(-1)!.get(array)!;
  }

  get pointed(): ReadonlySet<string> {
    return new Set(this.#pointers.at(-1)!.keys());
  }

  /** From here to the `leave` that belongs to it these arrays are elsewhere. */
  enter(pointers: ReadonlyMap<string, string>): void {
    this.#pointers.push(new Map([...(this.#pointers.at(-1) ?? []), ...pointers]));
  }

  leave(): void {
    this.#pointers.pop();
  }

  /** Pointers of their own for arrays that a loop moves along. */
  copies(arrays: Iterable<string>): Map<string, string> {
    return new Map(
      Array.from(arrays, (array) => [array, this.#text.set('i32', get(this.pointer(array)))] as const),
    );
  }

  /** Whether there is a position `offset` further along a dimension that is not the lanes'. */
  isInside(dim: number, offset: number): string {
    return `(i32.lt_u (i32.add ${get(this.positions.get(dim)!)} ${i32(offset)}) ${this.#block.size(dim)})`;
  }

  /** The bytes to a position `offset` further along; none where there is no such position, but for the lanes' dimension. */
  distance(array: string, along: number, offset: number): string {
    const distance = `(i32.mul ${this.#block.stride(array, along)} ${i32(offset)})`;
    if (along === this.lane) return distance;
    return `(select ${distance} ${i32(0)} ${this.isInside(along, offset)})`;
  }

  /** Where the array stands at the current position, but for one dimension, along which it stands at the beginning. */
  without(along: number, array: string): string {
    const current = this.pointer(array);
    const position = along === this.lane && this.inLanes ? this.lanePosition : this.positions.get(along);
    if (position === undefined) return current;
    return this.#text.set(
      'i32',
      `(i32.sub ${get(current)} (i32.mul ${get(position)} ${this.#block.stride(array, along)}))`,
    );
  }

  // Lanes

  /** Whether the code being written runs once a vector, not once a row. */
  get inLanes(): boolean {
    return !this.#laneIsInner || this.#pointers.length > 1;
  }

  /** How far a lane is from the first of the vectors side by side. */
  ahead(lane: number): number {
    return this.vector * this.#text.count + lane;
  }

  /** One line about one lane, left out where that lane is surplus in the last, partial vector. */
  ifCounts(lane: number, line: string): void {
    this.#text.emit(this.mask ? `(if (i32.gt_s ${get(this.left)} ${i32(lane)}) (then ${line}))` : line);
  }

  // Memory

  load(array: string, pointer = get(this.pointer(array))): string {
    // Inside a row that the lanes do not belong to, and along dimensions that the array lacks, all lanes read one number.
    const step = this.inLanes ? this.#block.step(array, this.lane) : 'none';
    if (step === 'unit') return `(v128.load offset=${this.#text.bytes * this.ahead(0)} ${pointer})`;
    if (step === 'none') return this.loadSplat(pointer);
    return get(this.loadLanes((lane) => this.#ofLane(array, pointer, lane)));
  }

  loadSplat(address: string): string {
    return `(v128.load${8 * this.#text.bytes}_splat ${address})`;
  }

  /** Lanes one by one; those that do not count stay 0, for a stride takes them far beyond the array. */
  loadLanes(address: (lane: number) => string): string {
    const { count, bytes } = this.#text;
    const result = this.#text.zero();
    for (let lane = 0; lane < count; lane++) {
      this.ifCounts(
        lane,
        `(local.set ${result} (v128.load${8 * bytes}_lane ${lane} ${address(lane)} ${get(result)}))`,
      );
    }
    return result;
  }

  store(array: string, value: string): void {
    const pointer = get(this.pointer(array));
    const { count, bytes } = this.#text;
    if (this.#block.step(array, this.lane) === 'unit' && !this.mask) {
      this.#text.emit(`(v128.store offset=${bytes * this.ahead(0)} ${pointer} ${get(value)})`);
      return;
    }
    for (let lane = 0; lane < count; lane++) {
      const address = this.#ofLane(array, pointer, lane);
      this.ifCounts(lane, `(v128.store${8 * bytes}_lane ${lane} ${address} ${get(value)})`);
    }
  }

  #ofLane(array: string, pointer: string, lane: number): string {
    return `(i32.add ${pointer} (i32.mul ${this.#block.stride(array, this.lane)} ${i32(this.ahead(lane))}))`;
  }
}
