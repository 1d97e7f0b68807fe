/** What a kernel computes, reads and writes. */
import type { Expr, Reduce } from '../../../language/expression.ts';
import { computed, type Kernel, rootOf, type Task } from '../../../language/passes.ts';
import type { Block } from './block.ts';

export class Contents {
  readonly #kernel: Kernel;
  readonly #block: Block;
  readonly #accumulated: (node: Reduce) => string;

  /** @param accumulated  the name of the array that an earlier kernel accumulated */
  constructor(kernel: Kernel, block: Block, accumulated: (node: Reduce) => string) {
    this.#kernel = kernel;
    this.#block = block;
    this.#accumulated = accumulated;
  }

  get nodes(): Expr[] {
    const { loops, rowTasks } = this.#kernel;
    return [...loops.flatMap(({ nodes }) => nodes), ...computed(rowTasks.map(rootOf), () => false)];
  }

  get tasks(): Task[] {
    const { loops, rowTasks } = this.#kernel;
    return [...loops.flatMap((loop) => loop.tasks), ...rowTasks];
  }

  get arrays(): Set<string> {
    const { loops, rowTasks } = this.#kernel;
    const names = loops.map((loop) => this.#arraysOf(loop.nodes, loop.tasks));
    names.push(
      this.#arraysOf(
        computed(rowTasks.map(rootOf), () => false),
        rowTasks,
      ),
    );
    return new Set(names.flatMap((some) => [...some]));
  }

  /** The arrays of the row's loop with this number. */
  loopArrays(s: number): Set<string> {
    const { kept, loops } = this.#kernel;
    const loop = loops[s]!;
    const arrays = this.#arraysOf(loop.nodes, loop.tasks);
    if (kept && (s === kept.madeIn || this.readsKept(s))) arrays.add(kept.output);
    return arrays;
  }

  /** Arrays that nodes read and tasks write. */
  #arraysOf(nodes: readonly Expr[], tasks: readonly Task[]): Set<string> {
    const names = new Set<string>();
    for (const node of nodes) {
      if (node.kind === 'input') names.add(`input:${node.name}`);
      if (node.kind === 'gather' || node.kind === 'neighbour') names.add(`input:${node.input.name}`);
      if (node.kind === 'reduce' && node.dims !== 0 && !this.isReducedHere(node))
        names.add(this.#accumulated(node));
    }
    for (const task of tasks) {
      if (task.kind === 'store') names.add(task.output);
      else if (task.node.dims !== 0) names.add(this.#block.accumulator(task.node));
    }
    return names;
  }

  /** Whether the row's own loops reduce a node. */
  isReducedHere = (node: Expr): boolean =>
    node.kind === 'reduce' && node.dims !== 0 && node.over === this.#kernel.inner;

  /** Whether a loop of the row reads the expensive value that an earlier one kept. */
  readsKept(s: number): boolean {
    const { kept, loops } = this.#kernel;
    return kept !== undefined && s > kept.madeIn && loops[s]!.nodes.includes(kept.node);
  }
}
