/** The schedule whose lanes run along the row. */
import type { Reduce } from '../../../language/expression.ts';
import type { Loop } from '../../../language/passes.ts';
import { isTotal, type Sum } from './accumulators.ts';
import { type Item, Schedule } from './schedule.ts';
import { get, i32 } from './text.ts';

/** Vectors side by side along a row, each with its own accumulators: a running maximum waits five cycles for the one before. */
const rowVectors = 4;

export class AlongRow extends Schedule {
  protected override item(): Item {
    return { rows: () => this.#row() };
  }

  protected override get isChunked(): boolean {
    return false;
  }

  #row(): void {
    const { text, block, place, accumulators } = this;
    for (const [s, loop] of this.kernel.loops.entries()) {
      this.rowValues(loop);
      this.loop = s;
      const sums = this.#beginSums(loop);
      const extremes = this.#beginExtremes(loop);
      const inner = this.inner.filter((d) => d !== this.lane);
      const arrays = this.contents.loopArrays(s);
      this.loops.nest(inner, arrays, () => {
        this.windows.open(loop.nodes, i32(0));
        this.loops.lanes({
          arrays,
          count: () => block.size(this.lane),
          first: i32(0),
          vectors: this.sideBySide(rowVectors),
          body: (vectors) => {
            for (let vector = 0; vector < vectors; vector++) {
              place.vector = vector;
              this.values.scope(() => this.#innerBody(loop, s, sums, extremes));
            }
            place.vector = 0;
          },
          fold: () => {
            for (const sum of sums.values()) accumulators.flush(sum);
          },
        });
        this.windows.close();
      });
      for (const node of loop.reductions) {
        const sum = sums.get(node);
        const total = sum ? get(sum.total) : accumulators.merged(node, extremes.get(node)!);
        this.values.set(node, text.set('v128', text.splatF64(total)), sum && total);
      }
      this.loop = -1;
    }
    for (const task of this.kernel.rowTasks) {
      if (task.kind === 'store') {
        const value = this.values.of(task.node);
        const pointer = get(place.pointer(task.output));
        text.emit(`(${text.lanes.slice(0, 3)}.store ${pointer} ${text.lane0(value)})`);
      } else {
        const value = text.widened(text.lane0(this.values.of(task.node.arg)));
        if (task.node.dims === 0) accumulators.addTotal(task.node, value);
        else accumulators.foldAt(task.node, get(place.pointer(block.accumulator(task.node))), value);
      }
    }
  }

  /** What a loop does at each vector along the row. */
  #innerBody(
    loop: Loop,
    s: number,
    sums: ReadonlyMap<Reduce, Sum>,
    extremes: ReadonlyMap<Reduce, readonly string[]>,
  ): void {
    const { accumulators } = this;
    for (const node of loop.reductions) {
      const value = accumulators.masked(this.values.of(node.arg), node);
      const sum = sums.get(node);
      if (sum) accumulators.add(sum, value);
      else accumulators.extend(node, accumulators.turn(extremes.get(node)!), value);
    }
    this.keepValue(s);
    for (const task of loop.tasks) {
      if (task.kind === 'accumulate' && task.node.dims === 0 && task.node.reduction !== 'sum') {
        const value = accumulators.masked(this.values.of(task.node.arg), task.node);
        accumulators.addTotal(task.node, this.text.acrossLanes(task.node, value));
      } else this.laneTask(task, sums, extremes);
    }
    this.windows.keep((node) => this.values.of(node));
  }

  #beginSums(loop: Loop): Map<Reduce, Sum> {
    const { text } = this;
    const zeros = (): string[] => text.zeros(this.sideBySide(rowVectors));
    const sums = new Map<Reduce, Sum>();
    for (const node of loop.reductions) {
      if (node.reduction === 'sum')
        sums.set(node, { vectors: zeros(), total: text.set('f64', '(f64.const 0)') });
    }
    for (const task of loop.tasks) {
      if (isTotal(task))
        sums.set(task.node, { vectors: zeros(), total: this.accumulators.totals.get(task.node)! });
    }
    return sums;
  }

  #beginExtremes(loop: Loop): Map<Reduce, readonly string[]> {
    const extremes = new Map<Reduce, readonly string[]>();
    for (const node of loop.reductions) {
      if (node.reduction === 'sum') continue;
      const length = this.sideBySide(rowVectors);
      extremes.set(
        node,
        Array.from({ length }, () => this.accumulators.extreme(node)),
      );
    }
    return extremes;
  }
}
