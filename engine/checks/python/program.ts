/** A Python source as the checks see it: its loss calls, and what names, layers and tensors in it surely are. */
import { t } from '@vscode/l10n';
import type { Scope } from '../../recognise/python/bindings.ts';
import { type ReadCall, readCalls } from '../../recognise/python/calls.ts';
import type { PythonLosses } from '../../recognise/python/losses.ts';
import type { Scopes } from '../../recognise/python/scopes.ts';
import {
  argumentsOf,
  isExpression,
  type Node,
  none,
  type Syntax,
  unwrap,
} from '../../recognise/python/syntax.ts';
import type { Values } from '../../recognise/python/values.ts';
import type { PythonAnalysis } from '../../recognise/recogniser.ts';
import { nodesInStep } from '../../recognise/tree.ts';
import type { Steps } from '../../steps.ts';
import type { Compiled, Edits, Program } from '../program.ts';
import { appendCall, renamed, withoutMaker } from './edits.ts';
import { Tensors } from './tensors.ts';
import { isData, isHandedIn, lastName, trainedCalls } from './training.ts';

/** Longer ones are no `model.add`; a chain of a thousand calls has a thousand callees. */
const longestCallee = 100;

export class PythonProgram implements Program {
  readonly syntax: Syntax;
  readonly scopes: Scopes;
  readonly values: Values;
  readonly calls: readonly ReadCall[];
  readonly tensors: Tensors;
  readonly edits: Edits;
  /** Of each function its returns, of each return its items: one, or those of a tuple. */
  readonly #returns = new Map<Scope, Node[][]>();
  readonly #generators = new Set<Scope>();
  /** Attributes that code outside of the object's own methods sets: of which object is not known. */
  readonly #setFromOutside = new Set<string>();
  #compiled: readonly Compiled<ReadCall>[] | undefined;
  #trained: ReadonlySet<Node> | undefined;
  #methodCalls: { readonly byName: Map<string, Node[]>; readonly byCallee: Map<string, Node[]> } | undefined;

  static *reading({ losses, table }: PythonAnalysis): Steps<PythonProgram> {
    const program = new PythonProgram(losses, yield* readCalls(losses, table));
    yield* program.#readFunctions();
    yield* program.#readAttributes();
    return program;
  }

  private constructor(losses: PythonLosses, calls: readonly ReadCall[]) {
    this.syntax = losses.syntax;
    this.values = losses.values;
    this.scopes = losses.values.scopes;
    this.calls = calls;
    this.tensors = new Tensors(this);
    this.edits = {
      appendCall: (node, text) => appendCall(this, node, text),
      withoutMaker: (maker, passed, what) => withoutMaker(this, maker, passed, what),
      renamed: (call, name) => renamed(this, call as ReadCall, name),
    };
  }

  get compiled(): readonly Compiled<ReadCall>[] {
    this.#compiled ??= this.#readCompiled();
    return this.#compiled;
  }

  get trained(): ReadonlySet<Node> {
    this.#trained ??= trainedCalls(this);
    return this.#trained;
  }

  unreached(how: string, loss: string): string {
    return t`No gradient passes through ${how}, so backward() of this ${loss} does not reach the model.`;
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

  unwrap(expression: Node): Node {
    return unwrap(this.syntax, expression);
  }

  /** The calls of a method by its name, whatever it is called on, in source order. */
  methodCalls(name: string): readonly Node[] {
    this.#methodCalls ??= this.#readMethodCalls();
    return this.#methodCalls.byName.get(name) ?? [];
  }

  /** The calls of `model.add` and its like, by that very text, in source order. */
  callsOf(callee: string): readonly Node[] {
    this.#methodCalls ??= this.#readMethodCalls();
    return this.#methodCalls.byCallee.get(callee) ?? [];
  }

  /** `torch.nn.functional.softmax` for what an import makes of `F.softmax`; `undefined` for anything of this source. */
  path(expression: Node): string | undefined {
    const { syntax, values } = this;
    const node = unwrap(syntax, expression);
    if (syntax.name(node) === 'VariableName') {
      const [value, ...others] = values.of(node);
      if (value === undefined) {
        const assigned = this.assigned(node);
        return assigned === undefined || syntax.name(assigned) === 'CallExpression'
          ? undefined
          : this.path(assigned);
      }
      if (others.length > 0) return undefined;
      if (value.kind === 'path') return rooted(value.path);
      return value.kind === 'loss' && value.as !== 'instance' ? value.symbol : undefined;
    }
    const property = syntax.property(node);
    if (property === none) return undefined;
    const base = this.path(syntax.first[node]!);
    return base && `${base}.${syntax.source(property)}`;
  }

  /** The one expression that a name or attribute surely holds where it is read. */
  assigned(expression: Node): Node | undefined {
    const { syntax, values } = this;
    const source = values.assignment(expression)?.source;
    if (source?.kind === 'expression') return source.node;
    if (source) return undefined;
    const property = syntax.property(expression);
    if (property === none) return undefined;
    const owner = this.object(syntax.first[expression]!);
    const name = syntax.source(property);
    const set = owner?.attributes.get(name);
    if (set?.length !== 1 || this.#setFromOutside.has(name)) return undefined;
    const own = set[0]!.source;
    return own.kind === 'expression' ? own.node : undefined;
  }

  /** The class of this source whose object the expression surely is. */
  object(expression: Node): Scope | undefined {
    const values = this.values.of(expression);
    const [value] = values;
    return values.length === 1 && value?.kind === 'object' ? value.scope : undefined;
  }

  /** The function of this source that the expression surely is: of the module, or a method of a class. */
  function(callee: Node): Scope | undefined {
    const { syntax } = this;
    const source = this.values.assignment(callee)?.source;
    if (source?.kind === 'function') return this.#scopeOf(source.node);
    const property = syntax.property(callee);
    if (property === none) return undefined;
    return this.method(this.object(syntax.first[callee]!), syntax.source(property));
  }

  /** A method that the class itself defines, once. */
  method(owner: Scope | undefined, name: string): Scope | undefined {
    const found = owner?.bindings.get(name);
    const source = found?.length === 1 ? found[0]!.source : undefined;
    return source?.kind === 'function' ? this.#scopeOf(source.node) : undefined;
  }

  /** What a function returns at each of its `return`s, `none` where that is a tuple or nothing; empty for a generator. */
  returns(scope: Scope): readonly Node[] {
    return this.#returnsOf(scope).map((items) => (items.length === 1 ? items[0]! : none));
  }

  /** The item of the tuple that a function returns at each of its `return`s, `none` where it is no tuple of so many. */
  returnedItems(scope: Scope, index: number, count: number): readonly Node[] {
    return this.#returnsOf(scope).map((items) => (items.length === count ? items[index]! : none));
  }

  #returnsOf(scope: Scope): readonly Node[][] {
    return this.#generators.has(scope) ? [] : (this.#returns.get(scope) ?? []);
  }

  /** The constant keyword of a call, and the place of its value; `none` when it is not given. */
  keyword(call: Node, name: string, position = -1): Node {
    const given = argumentsOf(this.syntax, call);
    const found = given.find(({ keyword }) => keyword === name);
    if (found) return found.value;
    const before = position < 0 ? [] : given.slice(0, position + 1);
    const positional = before.length > position && before.every(({ keyword }) => keyword === undefined);
    return positional ? (before[position]?.value ?? none) : none;
  }

  /** The statement around a node. */
  statement(node: Node): Node {
    let outer = node;
    while (outer !== none && !/Statement$|^(Class|Function)Definition$/.test(this.syntax.name(outer))) {
      outer = this.syntax.parent[outer]!;
    }
    return outer;
  }

  /** The block around a statement, or the script. */
  block(node: Node): Node {
    let outer = this.syntax.parent[this.statement(node)] ?? none;
    while (outer !== none && !/^(Body|Script)$/.test(this.syntax.name(outer)))
      outer = this.syntax.parent[outer]!;
    return outer;
  }

  /** Keras: `model.compile(…)`. */
  #readCompiled(): Compiled<ReadCall>[] {
    const { syntax } = this;
    const losses = new Map<Node, ReadCall>();
    for (const call of this.calls) {
      if (!losses.has(call.node)) losses.set(call.node, call);
      if (!losses.has(call.named.expression)) losses.set(call.named.expression, call);
    }
    return this.methodCalls('compile').flatMap((call) => {
      const passed = this.unwrap(this.keyword(call, 'loss', 1));
      if (passed === none) return [];
      const loss = losses.get(passed) ?? losses.get(this.unwrap(this.assigned(passed) ?? passed));
      const model = syntax.first[syntax.first[call]!]!;
      return loss ? [{ call: loss, passed, tensor: this.tensors.output(model) }] : [];
    });
  }

  #scopeOf(definition: Node): Scope | undefined {
    const body = this.syntax.child(definition, 'Body');
    return body === none ? undefined : this.scopes.of[body];
  }

  *#readFunctions(): Steps {
    const { syntax, scopes } = this;
    for (let node = 0; node < syntax.size; node++) {
      if (node % nodesInStep === 0) yield;
      const name = syntax.name(node);
      if (name === 'YieldStatement' || name === 'YieldExpression') this.#generators.add(scopes.of[node]!);
      if (name !== 'ReturnStatement') continue;
      const scope = scopes.of[node]!;
      const found = this.#returns.get(scope) ?? [];
      let items = syntax.children(node).filter((item) => isExpression(syntax, item));
      const [only] = items;
      if (items.length === 1 && syntax.name(only!) === 'TupleExpression') {
        items = syntax.children(only!).filter((item) => isExpression(syntax, item));
        if (items.length === 1) items = [];
      }
      found.push(items);
      this.#returns.set(scope, found);
    }
  }

  *#readAttributes(): Steps {
    const { syntax, scopes } = this;
    for (const [word] of scopes.definitions) {
      yield;
      const member = syntax.parent[word] ?? none;
      if (syntax.property(member) !== word) continue;
      const base = syntax.first[member]!;
      const receiver = this.values.of(base).some(({ kind }) => kind === 'object') && this.#isReceiver(base);
      if (!receiver) this.#setFromOutside.add(syntax.source(word));
    }
  }

  #isReceiver(base: Node): boolean {
    const { syntax, scopes } = this;
    if (syntax.name(base) !== 'VariableName') return false;
    const name = syntax.source(base);
    for (let scope: Scope | undefined = scopes.of[base]; scope; scope = scope.parent) {
      const first = scope.bindings.get(name)?.[0];
      if (first && scope.kind !== 'class') return first.source.kind === 'receiver';
    }
    return false;
  }

  #readMethodCalls() {
    const { syntax } = this;
    const byName = new Map<string, Node[]>();
    const byCallee = new Map<string, Node[]>();
    const add = (map: Map<string, Node[]>, key: string, node: Node) => {
      const calls = map.get(key);
      if (calls) calls.push(node);
      else map.set(key, [node]);
    };
    for (let node = 0; node < syntax.size; node++) {
      if (syntax.name(node) !== 'CallExpression') continue;
      const callee = syntax.first[node]!;
      const property = syntax.property(callee);
      if (property === none) continue;
      add(byName, syntax.source(property), node);
      if (syntax.to[callee]! - syntax.from[callee]! < longestCallee)
        add(byCallee, syntax.source(callee), node);
    }
    return { byName, byCallee };
  }
}

/** `tf` is only a habit of writing; an import has said `tensorflow` already, but for Keras' former homes. */
function rooted(path: string): string {
  return path
    .replace(/^tensorflow\.(?:compat\.v[12]\.|python\.)keras/, 'tensorflow.keras')
    .replace(/^torch\.nn\.modules\.\w+(?=\.)/, 'torch.nn');
}
