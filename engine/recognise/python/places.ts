/** Where the nodes of a source stand, in which scope and under which condition, and the words that are bound there. */
import type { Binding, Place, Scope, Source } from './bindings.ts';
import { LossComments } from './loss-comments.ts';
import { type Node, none, type Syntax } from './syntax.ts';

/** Until the node that it is in hands it down. */
const unset = undefined as unknown as Scope;

export class Places {
  /** The scope in which each node is evaluated. */
  readonly of: Scope[] = [];
  /** Names that are not read where they stand: bound, imported, declared, or the keyword of an argument. */
  readonly notRead = new Set<Node>();
  /** By the word that is bound; an import's original name too. */
  readonly definitions = new Map<Node, Binding>();
  readonly module: Scope;
  readonly #syntax: Syntax;
  readonly #branch: Node[] = [];
  #comments: LossComments;

  constructor(syntax: Syntax, module: Scope) {
    this.#syntax = syntax;
    this.module = module;
    this.#comments = new LossComments(syntax, none, none);
    this.of.push(module);
    this.#branch.push(none);
  }

  /** The nodes of a part. Those of the module itself know their scope, the others when it is handed down. */
  begin(first: Node, end: Node): void {
    for (let node = first; node < end; node++) {
      this.of[node] = this.#syntax.parent[node] === 0 ? this.module : unset;
      this.#branch[node] = none;
    }
    this.#comments = new LossComments(this.#syntax, first, end);
  }

  /**
   * Gives a node's branch to its children, and its scope where no ancestor knew better: defaults of parameters belong
   * outside of the function.
   */
  handDown(node: Node): void {
    const syntax = this.#syntax;
    const scope = this.of[node]!;
    for (let child = syntax.first[node]!; child !== none; child = syntax.next[child]!) {
      this.of[child] ??= scope;
      this.#branch[child] = this.#branch[node]!;
    }
  }

  /** What is in the node belongs to a scope of its own, whatever the condition around it. */
  enclose(node: Node, scope: Scope): void {
    this.of[node] = scope;
    this.#branch[node] = none;
  }

  /** A block may be left out when its statement runs. */
  conditional(child: Node): void {
    if (this.#syntax.name(child) === 'Body') this.#branch[child] = child;
  }

  /** The place of what `node`, already entered, binds from `at` on. */
  at(node: Node, at: number, declared?: string): Place {
    return { scope: this.of[node]!, branch: this.#branch[node]!, at, declared };
  }

  /** Under its name, in the scope that the name belongs to. */
  bind(word: Node, source: Source, place: Place): void {
    if (word === none) return;
    const name = this.#syntax.source(word);
    const scope = place.scope.elsewhere.get(name);
    const branch = scope ? this.#syntax.child(place.scope.node, 'Body') : place.branch;
    this.notRead.add(word);
    (scope ?? place.scope).bindings.add(name, this.define(word, source, { ...place, branch }));
  }

  /** Under no name yet. */
  define(word: Node, source: Source, { at, branch, declared }: Place): Binding {
    const binding: Binding = { word, at, branch, source, ...(declared ? { declared } : {}) };
    this.definitions.set(word, binding);
    return binding;
  }

  /** The id that a comment gives to what is defined between `from` and the end of the line of `to`. */
  declared(from: number, to: number): string | undefined {
    return this.#comments.declared(from, to);
  }
}
