/** Which bindings of a name can have been the last when a place in the source is reached. */
import { type Node, none, type SyntaxTree } from './tree.ts';

/** What flow has to know of a binding. */
export interface Bound {
  /** The offset from which on it holds. */
  readonly at: number;
  /** The innermost conditional block around it within its scope, or `none`. */
  readonly branch: Node;
}

export interface Reaching<B extends Bound> {
  /** The latest first. */
  readonly bindings: readonly B[];
  /** Whether one of them has surely happened. */
  readonly certain: boolean;
}

/** The place where a scope has run to its end: what a function called later sees of the scopes around it. */
export const atEnd = Number.POSITIVE_INFINITY;

/** A name that is bound on very many conditions is followed back this far. */
export const longestWalk = 64;

export interface Alternatives {
  /** Blocks of which one surely runs, unless the statement may skip all of them. */
  readonly blocks: readonly Node[];
  readonly mayBeSkipped: boolean;
}

/** What a language's statements do is for its own class to say. */
export abstract class Flow<B extends Bound, S extends SyntaxTree> {
  protected readonly syntax: S;
  readonly #alternatives = new Map<Node, Alternatives>();
  readonly #leaving = new Map<Node, boolean>();

  constructor(syntax: S) {
    this.syntax = syntax;
  }

  /** Whether who went through this block never comes to the offset: alternatives exclude each other, and some return. */
  protected abstract misses(branch: Node, offset: number): boolean;
  /** The conditional block around this one, within the scope. */
  protected abstract conditionAround(branch: Node): Node;
  /** The blocks of a statement, which are alternatives to each other. */
  protected abstract blocksOf(statement: Node): Alternatives;
  /** The last statement that a block runs. */
  protected abstract lastOf(block: Node): Node;

  /** @param list  the bindings of one name in one scope, in source order. */
  reaching(list: readonly B[], offset: number): Reaching<B> {
    const bindings: B[] = [];
    const covered = new Set<Node>();
    let index = list.length;
    if (offset !== atEnd) {
      let low = 0;
      while (low < index) {
        const middle = (low + index) >> 1;
        if (list[middle]!.at <= offset) low = middle + 1;
        else index = middle;
      }
    }
    for (let walked = 0; index > 0 && walked < longestWalk; walked++) {
      const binding = list[--index]!;
      const reached = this.#reach(binding.branch, offset, covered);
      if (reached === 'never') continue;
      bindings.push(binding);
      if (reached === 'always') return { bindings, certain: true };
    }
    return { bindings, certain: false };
  }

  /** Follows a conditional block outwards for as long as all alternatives to it have bound the name too. */
  #reach(start: Node, offset: number, covered: Set<Node>): 'always' | 'maybe' | 'never' {
    const around = (branch: Node) => branch === none || this.syntax.contains(branch, offset);
    for (let branch = start; !around(branch); branch = this.conditionAround(branch)) {
      // A later binding in the same block hides this one.
      if (covered.has(branch) || this.misses(branch, offset)) return 'never';
    }
    for (let branch = start; !around(branch); branch = this.conditionAround(branch)) {
      covered.add(branch);
      const { blocks, mayBeSkipped } = this.#alternativesOf(this.syntax.parent[branch]!);
      if (mayBeSkipped || !blocks.every((block) => covered.has(block) || this.leaves(block))) return 'maybe';
    }
    return 'always';
  }

  #alternativesOf(statement: Node): Alternatives {
    const known = this.#alternatives.get(statement);
    if (known) return known;
    const alternatives = this.blocksOf(statement);
    this.#alternatives.set(statement, alternatives);
    return alternatives;
  }

  /** Whether a block ends by leaving its function. */
  protected leaves(block: Node): boolean {
    const known = this.#leaving.get(block);
    if (known !== undefined) return known;
    const leaves = /^(Return|Raise|Throw)Statement$/.test(this.syntax.name(this.lastOf(block)));
    this.#leaving.set(block, leaves);
    return leaves;
  }
}
