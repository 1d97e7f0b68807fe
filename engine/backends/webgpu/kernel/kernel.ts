/**
 * One kernel as WGSL. Three schedules, chosen by the caller:
 *
 *   invocation   an invocation for each row. Neighbouring invocations have neighbouring rows, so that they read memory
 *                side by side where the last dimension is one of the rows' own; right too where rows are short.
 *   workgroup    a workgroup for each row, its invocations side by side along it; reductions meet in workgroup memory.
 *   parts        either of them, each row cut into parts of its inner dimensions, for few and long rows: the parts'
 *                reductions are put down and merged by a kernel of their own (`mergeText`, merge.ts).
 *
 * Sums: an invocation adds at most 64 numbers before it adds that to what it has, and workgroups add in a tree. What
 * is summed across rows each invocation leaves in memory at its end, and `mergeText` adds it up: no atomics, the same
 * result in every run, and no barrier (which software adapters take long to compile) but where a row is shared.
 *
 * The text depends on the structure alone. Sizes, strides and numbers are words of a uniform block, so that one
 * pipeline serves all shapes.
 */
import type { Dims, Reduce, Reduction } from '../../../language/expression.ts';
import { type Loop, rootOf, type Task } from '../../../language/passes.ts';
import { functionsFor } from '../math.ts';
import { combine, entry, header, identity, scratch, workgroupFunctions } from './pieces.ts';
import { Text, type Word } from './text.ts';
import { dimsOf, type Strides, Values } from './values.ts';

/** What a kernel of this backend does with its rows. */
export interface Rows {
  readonly outer: Dims;
  readonly inner: Dims;
  /** Their tasks are stores, and reductions to one number. */
  readonly loops: readonly Loop[];
  readonly rowTasks: Loop['tasks'];
  /** Reductions of the row (the last loop's, where the row is cut into parts) that later kernels read. */
  readonly saves: readonly Reduce[];
  readonly schedule: 'invocation' | 'workgroup';
  /** Invocations in a workgroup: a power of two. */
  readonly invocations: number;
  readonly inParts: boolean;
}

export interface KernelText {
  readonly text: string;
  readonly words: readonly Word[];
  /** The buffers in the order of their bindings, the uniform block before them. */
  readonly bindings: readonly string[];
  /** Reductions to one number: every invocation leaves its share of each, one reduction's shares after the other's. */
  readonly totals: readonly Reduce[];
}

/** An invocation's sum is folded after this many; a power of two. */
const fold = 64;

export function kernelText(rows: Rows, strides: Strides): KernelText {
  return new Schedule(rows, strides).write();
}

/** A sum in two steps, so that its error does not grow with how many numbers it has. */
interface Sum {
  readonly recent: string;
  readonly total: string;
}

class Schedule {
  readonly #rows: Rows;
  readonly #text = new Text();
  readonly #values: Values;
  readonly #totals = new Map<Reduce, string>();
  readonly #acrossWorkgroup = new Set<Reduction>();

  constructor(rows: Rows, strides: Strides) {
    this.#rows = rows;
    this.#values = new Values(this.#text, rows.inner, strides);
  }

  write(): KernelText {
    const { outer, inner, loops, rowTasks, saves, schedule, invocations, inParts } = this.#rows;
    for (const task of [...loops.flatMap((loop) => loop.tasks), ...rowTasks]) {
      if (task.kind === 'accumulate') this.#totals.set(task.node, this.#text.name());
    }
    const alone = schedule === 'invocation';
    const count = inParts
      ? `${this.#text.word({ kind: 'rows' })} * ${this.#text.word({ kind: 'parts' })}`
      : this.#text.word({ kind: 'rows' });
    const body = this.#text.captured(() => {
      if (inParts) {
        this.#text.emit(`let row = item % ${this.#text.word({ kind: 'rows' })};`);
        this.#text.emit(`let part = item / ${this.#text.word({ kind: 'rows' })};`);
      } else this.#text.emit('let row = item;');
      this.#values.at('row', dimsOf(outer), () => {
        for (const loop of loops) this.#loop(loop, dimsOf(inner));
        this.#afterLoops(saves);
      });
    });
    const first = alone ? `group.x * ${invocations}u + own` : 'group.x';
    const step = alone ? `groups.x * ${invocations}u` : 'groups.x';
    const totals = this.#text.captured(() => this.#leaveTotals());
    const text = [
      header(this.#text.bindings, this.#text.words.length),
      workgroupFunctions(this.#acrossWorkgroup, invocations),
      entry(invocations),
      ...this.#text.prologue,
      ...[...this.#totals].map(([node, name]) => `var ${name} = ${identity[node.reduction]};`),
      `for (var item = ${first}; item < ${count}; item += ${step}) {`,
      ...body,
      '}',
      ...totals,
      '}',
    ].join('\n');
    return {
      text: `${text}\n${functionsFor(text)}`,
      words: this.#text.words,
      bindings: this.#text.bindings,
      totals: [...this.#totals.keys()],
    };
  }

  /** One pass over (a part of) the row. */
  #loop(loop: Loop, inner: readonly number[]): void {
    const alone = this.#rows.schedule === 'invocation';
    for (const node of loop.nodes) if ((node.dims & this.#rows.inner) === 0) this.#values.of(node);

    const sums = new Map<Reduce, Sum>();
    const extremes = new Map<Reduce, string>();
    for (const node of loop.reductions) {
      if (node.reduction === 'sum')
        sums.set(node, { recent: this.#text.var('0f'), total: this.#text.var('0f') });
      else extremes.set(node, this.#text.var(identity[node.reduction]));
    }
    let begin = '0u';
    let end = this.#text.word({ kind: 'inner' });
    if (this.#rows.inParts) {
      begin = this.#text.let(`part * ${this.#text.word({ kind: 'part' })}`);
      end = this.#text.let(`min(${begin} + ${this.#text.word({ kind: 'part' })}, ${end})`);
    }
    const i = this.#text.name();
    const turn = this.#text.var('0u');
    const first = alone ? begin : `${begin} + own`;
    this.#text.emit(
      `for (var ${i} = ${first}; ${i} < ${end}; ${i} += ${alone ? 1 : this.#rows.invocations}u) {`,
    );
    this.#values.at(i, inner, () => {
      for (const node of loop.reductions) {
        const value = this.#values.of(node.arg);
        const name = sums.get(node)?.recent ?? extremes.get(node)!;
        this.#text.emit(`${name} = ${combine[node.reduction](name, value)};`);
      }
      for (const task of loop.tasks) this.#task(task);
      if (sums.size > 0) {
        this.#text.emit(`${turn} += 1u;`);
        this.#text.emit(`if (${turn} == ${fold}u) {`);
        this.#text.emit(`${turn} = 0u;`);
        for (const { recent, total } of sums.values()) {
          this.#text.emit(`${total} += ${recent};`);
          this.#text.emit(`${recent} = 0f;`);
        }
        this.#text.emit('}');
      }
    });
    this.#text.emit('}');
    for (const node of loop.reductions) {
      const sum = sums.get(node);
      const own = sum ? `${sum.total} + ${sum.recent}` : extremes.get(node)!;
      this.#values.set(node, this.#text.let(alone ? own : this.#ofWorkgroup(node.reduction, own)));
    }
  }

  #ofWorkgroup(reduction: Reduction, value: string): string {
    this.#acrossWorkgroup.add(reduction);
    return `${reduction}OfWorkgroup(own, ${value})`;
  }

  /** What is done once a row. */
  #afterLoops(saves: readonly Reduce[]): void {
    const { rowTasks, schedule, inParts } = this.#rows;
    if (rowTasks.length === 0 && saves.length === 0) return;
    if (schedule === 'workgroup') this.#text.emit('if (own == 0u) {');
    this.#values.scope(() => {
      for (const task of rowTasks) this.#task(task);
      for (const [k, node] of saves.entries()) {
        const value = this.#values.of(node);
        if (inParts) {
          const before = `${k}u * ${this.#text.word({ kind: 'rows' })} * ${this.#text.word({ kind: 'parts' })}`;
          this.#text.emit(
            `${this.#text.array(scratch)}[${this.#text.word({ kind: 'shares' })} + ${before} + item] = ${value};`,
          );
        } else {
          const at = `${this.#text.word({ kind: 'base', node })} + ${this.#values.compact(node.dims)}`;
          this.#text.emit(`${this.#text.array(scratch)}[${at}] = ${value};`);
        }
      }
    });
    if (schedule === 'workgroup') this.#text.emit('}');
  }

  #task(task: Task): void {
    const value = this.#values.of(rootOf(task));
    if (task.kind === 'store') {
      const array = this.#text.array(task.output);
      this.#text.emit(`${array}[${this.#values.offset(task.output, task.dims)}] = ${value};`);
      return;
    }
    const total = this.#totals.get(task.node)!;
    this.#text.emit(`${total} = ${combine[task.node.reduction](total, value)};`);
  }

  /** Each invocation's share of what is reduced across all rows. */
  #leaveTotals(): void {
    const { invocations } = this.#rows;
    for (const [k, name] of [...this.#totals.values()].entries()) {
      const at = `(${k}u * groups.x + group.x) * ${invocations}u + own`;
      this.#text.emit(
        `${this.#text.array(scratch)}[${this.#text.word({ kind: 'shares' })} + ${at}] = ${name};`,
      );
    }
  }
}
