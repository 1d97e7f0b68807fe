/** A JavaScript or TypeScript source as the checks see it: its loss calls, and what names, layers and tensors in it surely are. */
import { t } from '@vscode/l10n';
import { type ReadCall, readCall } from '../../recognise/script/calls.ts';
import type { ScriptLosses } from '../../recognise/script/losses.ts';
import type { Scope, Scopes } from '../../recognise/script/scopes.ts';
import { type Node, none, type Syntax, unwrap } from '../../recognise/script/syntax.ts';
import type { Values } from '../../recognise/script/values.ts';
import { nodesInStep } from '../../recognise/tree.ts';
import { finish, type Steps } from '../../steps.ts';
import type { Edits, Program } from '../program.ts';
import { appendCall, renamed, withoutMaker } from './edits.ts';
import { Elsewhere } from './elsewhere.ts';
import { Held } from './held.ts';
import { type Compilation, readCompilations } from './models.ts';
import { Tensors } from './tensors.ts';
import { isData, isHandedIn, lastName, trainedCalls } from './training.ts';
import type { Given, TypeFacts, Types } from './types.ts';

/** Aliases of aliases are followed this far. */
const deepest = 20;
/** Longer ones are no `model.add`; a chain of a thousand calls has a thousand callees. */
const longestCallee = 100;

export class ScriptProgram implements Program {
  readonly syntax: Syntax;
  readonly scopes: Scopes;
  readonly values: Values;
  readonly tensors: Tensors;
  readonly edits: Edits;
  /** Every string that `compile` takes as a loss. */
  readonly lossIds: readonly string[];
  readonly #losses: ScriptLosses;
  readonly #held: Held;
  readonly #elsewhere: Elsewhere;
  #calls: readonly ReadCall[] | undefined;
  /** Of each function, what it returns at each `return`. */
  readonly #returns = new Map<Node, Node[]>();
  readonly #callsByMethod = new Map<string, Node[]>();
  #compilations: readonly Compilation[] | undefined;
  #trained: ReadonlySet<Node> | undefined;

  static *reading(losses: ScriptLosses, types?: Types): Steps<ScriptProgram> {
    const program = new ScriptProgram(losses, types);
    yield* program.#readTree();
    return program;
  }

  private constructor(losses: ScriptLosses, types?: Types) {
    this.syntax = losses.syntax;
    this.values = losses.values;
    this.scopes = losses.values.scopes;
    this.lossIds = losses.stringIds;
    this.#losses = losses;
    this.#held = new Held(losses.values);
    this.#elsewhere = new Elsewhere(losses.syntax, types);
    this.tensors = new Tensors(this);
    this.edits = {
      appendCall: (node, text) => appendCall(this, node, text),
      withoutMaker: (maker, passed, what) => withoutMaker(this, maker, passed, what),
      renamed: (call, name) => renamed(this, call, name),
    };
  }

  get calls(): readonly ReadCall[] {
    finish(this.readingCalls());
    return this.#calls!;
  }

  /** Makes `calls`. */
  *readingCalls(): Steps {
    if (this.#calls) return;
    yield* this.#losses.naming();
    const { named } = this.#losses;
    const all = [...named, ...this.#elsewhere.named(named)];
    all.sort((left, right) => left.reported.start - right.reported.start);
    const calls: ReadCall[] = [];
    for (const loss of all) {
      calls.push(readCall(this.#losses, loss));
      yield;
    }
    this.#calls = calls;
  }

  get compiled(): readonly Compilation[] {
    this.#compilations ??= readCompilations(this);
    return this.#compilations;
  }

  get trained(): ReadonlySet<Node> {
    this.#trained ??= trainedCalls(this);
    return this.#trained;
  }

  unreached(how: string, loss: string): string {
    return t`No gradient passes through ${how}, so the gradient of this ${loss} does not reach the model.`;
  }

  unwrap(expression: Node): Node {
    return unwrap(this.syntax, expression);
  }

  isData(expression: Node): boolean {
    return isData(this, expression);
  }

  isHandedIn(expression: Node): boolean {
    return isHandedIn(this, expression);
  }

  lastName(expression: Node): string {
    return lastName(this, expression);
  }

  typeOf(expression: Node): TypeFacts {
    return this.#elsewhere.typeOf(expression);
  }

  /** What the function of another file gives that a call calls. Whoever made it is not here: the call stands for it. */
  elsewhere(call: Node): Given | undefined {
    return this.#elsewhere.given(call);
  }

  /** What the function gives whose name is declared at the offset. */
  givenBy(offset: number): Given | undefined {
    const source = this.scopes.definitions.get(this.syntax.wordAt(offset))?.source;
    let definition: Node | undefined;
    if (source?.kind === 'function') definition = source.node;
    else if (source?.kind === 'expression') definition = this.function(source.node);
    if (definition === undefined) return undefined;
    const [only = none, ...others] = this.returns(definition);
    return {
      returned: this.tensors.returned(definition),
      model: others.length === 0 ? this.tensors.output(only) : {},
    };
  }

  /** The calls of a method or function of a module by its last name, in source order. */
  methodCalls(name: string): readonly Node[] {
    return this.#callsByMethod.get(name) ?? [];
  }

  /** `tf.layers.dense` for what an import makes of `dense`; `undefined` for anything of this source. */
  path(expression: Node): string | undefined {
    const node = this.unwrap(expression);
    const [value, ...others] = this.values.of(node);
    if (value?.kind !== 'path' || others.length > 0) return undefined;
    const own = this.syntax.name(node) === 'VariableName' && this.#declares(node);
    return own && !this.values.assignment(node) ? undefined : value.path;
  }

  /** The one expression that a name, or a field of `this`, surely holds where it is read. */
  assigned(expression: Node): Node | undefined {
    return this.#held.by(expression);
  }

  /** Whether two expressions are the same variable, or the same field of one class. */
  same(one: Node, other: Node): boolean {
    return this.#held.same(one, other);
  }

  /** The function of this source that the expression surely is. */
  function(callee: Node, depth = 0): Node | undefined {
    const { syntax } = this;
    const node = this.unwrap(callee);
    if (/^(ArrowFunction|FunctionExpression)$/.test(syntax.name(node))) return node;
    const source = this.values.assignment(node)?.source;
    if (source?.kind === 'function') return source.node;
    const assigned = this.assigned(node);
    if (assigned !== undefined) return depth < deepest ? this.function(assigned, depth + 1) : undefined;
    return this.#held.method(node);
  }

  /** What a function returns at each of its `return`s, `none` where that is nothing; empty for a generator. */
  returns(definition: Node): readonly Node[] {
    const { syntax } = this;
    if (syntax.child(definition, 'Star') !== none) return [];
    const body = syntax.children(definition).at(-1)!;
    return syntax.name(body) === 'Block' ? (this.#returns.get(definition) ?? []) : [body];
  }

  /** The function around a node, or `none`. */
  functionAround(node: Node): Node {
    let scope: Scope | undefined = this.scopes.of[node];
    while (scope && scope.kind !== 'function') scope = scope.parent;
    return scope?.node ?? none;
  }

  /** The block around the statement that a node is in, or the script. */
  block(node: Node): Node {
    let outer = this.syntax.parent[node] ?? none;
    while (outer !== none && !/^(Block|Script)$/.test(this.syntax.name(outer)))
      outer = this.syntax.parent[outer]!;
    return outer;
  }

  /**
   * A property of an object that is written out, here or in the variable that is passed.
   * @returns `none` where it is surely not given; `undefined` where nobody knows
   */
  property(object: Node, name: string): Node | undefined {
    const { syntax } = this;
    const node = this.unwrap(this.assigned(object) ?? object);
    if (syntax.name(node) !== 'ObjectExpression') return undefined;
    let found = none;
    for (const child of syntax.children(node)) {
      if (syntax.name(child) !== 'Property') continue;
      const [key = none, colon = none, value = none] = syntax.children(child);
      if (syntax.name(key) === 'Spread' || syntax.name(key) === '[') return undefined;
      if (syntax.word(key) === name) found = syntax.name(colon) === ':' ? value : key;
    }
    return found;
  }

  #declares(word: Node): boolean {
    return this.scopes.declaring(this.syntax.source(word), this.scopes.of[word]!) !== undefined;
  }

  *#readTree(): Steps {
    const { syntax } = this;
    for (let node = 0; node < syntax.size; node++) {
      if (node % nodesInStep === 0) yield;
      const name = syntax.name(node);
      if (name === 'ReturnStatement') {
        const around = this.functionAround(node);
        const value = syntax.children(node)[1] ?? none;
        append(this.#returns, around, syntax.name(value) === ';' ? none : value);
      } else if (name === 'CallExpression') {
        const callee = unwrap(syntax, syntax.first[node]!);
        const property = syntax.property(callee);
        const short = syntax.to[callee]! - syntax.from[callee]! < longestCallee || property !== none;
        const word = syntax.word(property === none ? callee : property);
        if (word !== undefined && short) append(this.#callsByMethod, word, node);
      }
    }
  }
}

function append<K, T>(map: Map<K, T[]>, key: K, item: T): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}
