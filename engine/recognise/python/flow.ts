/** Which bindings of a name can have been the last when a place in the source is reached. */
import type { Binding } from './scopes.ts';
import { type Node, none, type Syntax } from './syntax.ts';

export interface Reaching {
  /** The latest first. */
  readonly bindings: readonly Binding[];
  /** Whether one of them has surely happened. */
  readonly certain: boolean;
}

/** The place where a scope has run to its end: what a function called later sees of the scopes around it. */
export const atEnd = Number.POSITIVE_INFINITY;

/** A name that is bound on very many conditions is followed back this far. */
export const longestWalk = 64;

interface Alternatives {
  /** Blocks of which one surely runs, unless the statement may skip all of them. */
  readonly blocks: readonly Node[];
  readonly mayBeSkipped: boolean;
}

export class Flow {
  readonly #syntax: Syntax;
  readonly #leaving = new Map<Node, boolean>();
  readonly #alternatives = new Map<Node, Alternatives>();

  constructor(syntax: Syntax) {
    this.#syntax = syntax;
  }

  /** @param list  the bindings of one name in one scope, in source order. */
  reaching(list: readonly Binding[], offset: number): Reaching {
    const bindings: Binding[] = [];
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
    const around = (branch: Node) => branch === none || this.#syntax.contains(branch, offset);
    for (let branch = start; !around(branch); branch = this.#conditionAround(branch)) {
      // A later binding in the same block hides this one.
      if (covered.has(branch) || this.#misses(branch, offset)) return 'never';
    }
    for (let branch = start; !around(branch); branch = this.#conditionAround(branch)) {
      covered.add(branch);
      const { blocks, mayBeSkipped } = this.#alternativesOf(this.#syntax.parent[branch]!);
      if (mayBeSkipped || !blocks.every((block) => covered.has(block) || this.#leaves(block))) return 'maybe';
    }
    return 'always';
  }

  /** Whether who went through this block never comes to the offset: alternatives exclude each other, and some return. */
  #misses(branch: Node, offset: number): boolean {
    if (offset === atEnd) return false;
    const syntax = this.#syntax;
    const statement = syntax.parent[branch]!;
    switch (syntax.name(statement)) {
      case 'IfStatement':
        return syntax.contains(statement, offset) || this.#leaves(branch);
      case 'MatchClause':
        return syntax.contains(syntax.parent[statement]!, offset) || this.#leaves(branch);
      case 'TryStatement':
        return !syntax.contains(statement, offset) && this.#leaves(branch);
      case 'FunctionDefinition':
        // A function that declares the name global.
        return false;
      default:
        return this.#leaves(branch);
    }
  }

  #conditionAround(branch: Node): Node {
    const syntax = this.#syntax;
    for (let node = syntax.parent[syntax.parent[branch]!]!; node !== none; node = syntax.parent[node]!) {
      const name = syntax.name(node);
      if (name === 'FunctionDefinition' || name === 'ClassDefinition') return none;
      if (name === 'Body' && isConditional(syntax, node)) return node;
    }
    return none;
  }

  #alternativesOf(statement: Node): Alternatives {
    const known = this.#alternatives.get(statement);
    if (known) return known;
    const syntax = this.#syntax;
    const kind = syntax.name(statement);
    const blocks: Node[] = [];
    let mayBeSkipped = kind !== 'TryStatement';
    let counts = true;
    for (const child of syntax.children(statement)) {
      const name = syntax.name(child);
      if (name === 'finally') break;
      if (name === 'else' && kind === 'IfStatement') mayBeSkipped = false;
      // What follows a `try` that succeeds runs in addition to it.
      if (name === 'else' && kind === 'TryStatement') counts = false;
      if (name === 'Body' && counts) blocks.push(child);
    }
    const alternatives = { blocks, mayBeSkipped };
    this.#alternatives.set(statement, alternatives);
    return alternatives;
  }

  /** Whether a block ends by leaving its function. */
  #leaves(body: Node): boolean {
    const known = this.#leaving.get(body);
    if (known !== undefined) return known;
    const last = this.#syntax.children(body).at(-1) ?? none;
    const leaves = /^(ReturnStatement|RaiseStatement)$/.test(this.#syntax.name(last));
    this.#leaving.set(body, leaves);
    return leaves;
  }
}

/** Whether a `Body` may be left out when its statement runs. */
function isConditional(syntax: Syntax, body: Node): boolean {
  const statement = syntax.parent[body]!;
  switch (syntax.name(statement)) {
    case 'IfStatement':
    case 'WhileStatement':
    case 'ForStatement':
    case 'MatchClause':
      return true;
    case 'TryStatement': {
      const final = syntax.child(statement, 'finally');
      return final === none || body < final;
    }
    default:
      return false;
  }
}
