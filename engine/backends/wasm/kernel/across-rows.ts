/** The schedule whose lanes are neighbouring rows; their inner loops, if any, step over memory. */
import { type Expr, operands, type Reduce } from '../../../language/expression.ts';
import { computed, rootOf } from '../../../language/passes.ts';
import { isTotal, type Sum } from './accumulators.ts';
import { chunk, type Item, Schedule } from './schedule.ts';
import { get, i32 } from './text.ts';

/**
 * Vectors side by side where inner loops step over memory: with a stride of a power of two the lines that a loop reads
 * push each other out of the caches, so a line is read whole while it is there.
 */
const lineVectors = 8;

/** One vector of rows: what is known of them, and what their inner loops accumulate. */
interface Row {
  readonly scope: Map<Expr, string>;
  readonly pairs: Map<Reduce, readonly [string, string]>;
  readonly own: Map<Reduce, string>;
}

export class AcrossRows extends Schedule {
  protected override item(rest: string, isFirst: string): Item {
    const { start, count } = this.#takesWholeRows
      ? { start: this.text.set('i32', i32(0)), count: this.text.set('i32', this.block.size(this.lane)) }
      : this.#chunk(rest);
    return { start, rows: () => this.#rowsInLanes(start, count, isFirst) };
  }

  protected override get isChunked(): boolean {
    return !this.#takesWholeRows;
  }

  /** Whether an item is a row, so that the item before is the row before. */
  get #takesWholeRows(): boolean {
    return this.windows.all.length > 0;
  }

  /** Takes the chunk's number off `rest`. */
  #chunk(rest: string): { readonly start: string; readonly count: string } {
    const { text } = this;
    const size = this.block.size(this.lane);
    const blocks = text.set(
      'i32',
      `(i32.shr_u (i32.add ${size} ${i32(chunk - 1)}) ${i32(Math.log2(chunk))})`,
    );
    const start = text.set('i32', `(i32.mul (i32.rem_u ${get(rest)} ${get(blocks)}) ${i32(chunk)})`);
    text.emit(`(local.set ${rest} (i32.div_u ${get(rest)} ${get(blocks)}))`);
    const count = text.set('i32', `(i32.sub ${size} ${get(start)})`);
    text.emit(`(if (i32.gt_s ${get(count)} ${i32(chunk)}) (then (local.set ${count} ${i32(chunk)})))`);
    return { start, count };
  }

  #rowsInLanes(start: string, count: string, isFirst: string): void {
    const { text, place, values, accumulators } = this;
    const { loops, rowTasks } = this.kernel;
    const sums = new Map<Reduce, Sum>();
    const extremes = new Map<Reduce, readonly string[]>();
    const vectors = loops.length > 0 || this.#takesWholeRows ? this.sideBySide(lineVectors) : 1;
    for (const task of rowTasks) {
      if (isTotal(task))
        sums.set(task.node, {
          vectors: text.zeros(vectors),
          total: accumulators.totals.get(task.node)!,
        });
    }
    for (const task of this.contents.tasks) {
      if (task.kind !== 'accumulate' || task.node.dims !== 0 || task.node.reduction === 'sum') continue;
      extremes.set(task.node, [accumulators.extreme(task.node)]);
    }
    const arrays = place.pointed;
    this.windows.open(this.contents.nodes, isFirst);
    this.#itemValues();
    this.loops.lanes({
      arrays,
      count: () => get(count),
      first: get(start),
      vectors,
      body: (vectors) => {
        const rows = Array.from(
          { length: vectors },
          (): Row => ({ scope: new Map(), pairs: new Map(), own: new Map() }),
        );
        const each = (write: (row: Row) => void): void => {
          for (const [vector, row] of rows.entries()) {
            place.vector = vector;
            values.scope(() => write(row), row.scope);
          }
          place.vector = 0;
        };
        for (const [s, loop] of loops.entries()) {
          const totalled = loop.tasks.flatMap((task) => (isTotal(task) ? [task.node] : []));
          each(({ pairs, own }) => {
            this.rowValues(loop);
            for (const node of loop.reductions) {
              if (node.reduction === 'sum') pairs.set(node, [text.zero(), text.zero()]);
              else own.set(node, accumulators.extreme(node));
            }
            // A lane would add as many numbers as the row is long, so these sums are float64 throughout.
            for (const node of totalled) pairs.set(node, [text.zero(), text.zero()]);
          });
          this.loop = s;
          this.loops.nest(this.inner, this.contents.loopArrays(s), () => {
            each(({ pairs, own }) => {
              values.scope(() => {
                for (const node of loop.reductions) {
                  const value = values.of(node.arg);
                  const pair = pairs.get(node);
                  if (pair) text.addToPair(pair, value);
                  else accumulators.extend(node, own.get(node)!, value);
                }
                this.keepValue(s);
                for (const task of loop.tasks) {
                  if (isTotal(task)) {
                    const value = accumulators.masked(values.of(task.node.arg), task.node);
                    text.addToPair(pairs.get(task.node)!, value);
                  } else this.laneTask(task, sums, extremes);
                }
              });
            });
          });
          this.loop = -1;
          each(({ pairs, own }) => {
            for (const node of loop.reductions) {
              const pair = pairs.get(node);
              values.set(node, pair ? text.set('v128', text.narrowed(pair)) : own.get(node)!);
            }
            for (const node of totalled) accumulators.addTotal(node, text.sumOfPair(pairs.get(node)!));
          });
        }
        each(() => {
          for (const task of rowTasks) this.laneTask(task, sums, extremes);
          this.windows.keep((node) => values.of(node));
        });
      },
      fold: () => {
        for (const sum of sums.values()) accumulators.flush(sum);
      },
    });
    this.windows.close();
    for (const [node, vectors] of extremes) accumulators.addTotal(node, accumulators.merged(node, vectors));
  }

  /** What is the same for all rows of an item, computed before the lanes run along them. */
  #itemValues(): void {
    const ofItem = this.kernel.outer & ~(1 << this.lane);
    const known = new Set<Expr>();
    for (const node of computed(this.contents.tasks.map(rootOf), this.contents.isReducedHere)) {
      if (node.kind === 'neighbour') {
        if (node.along & ofItem && !this.windows.holds(node)) this.values.setDistance(node);
      } else if (
        node.kind !== 'gather' &&
        (node.dims & ~ofItem) === 0 &&
        operands(node).every((operand) => operand.dims === 0 || known.has(operand))
      ) {
        known.add(node);
        this.values.of(node);
      }
    }
  }
}
