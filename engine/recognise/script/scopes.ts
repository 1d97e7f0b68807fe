/** The scopes of JavaScript and TypeScript: which names each one declares, and what is assigned to them where. */
import type { Steps } from '../../steps.ts';
import type { Bound } from '../flow.ts';
import { nodesInStep } from '../tree.ts';
import { conditionalParts } from './flow.ts';
import { importsOf, namedElsewhere } from './imports.ts';
import { isPattern, namesIn } from './patterns.ts';
import { argumentsOf, isExpression, type Node, none, type Syntax } from './syntax.ts';

/** What a name is bound to. */
export type Source =
  | { readonly kind: 'expression'; readonly node: Node }
  /** An export of a module, or with no name the whole module. */
  | { readonly kind: 'import'; readonly module: string; readonly name?: string }
  /** A part of what another source is: by a property's name, or by its place in a list. */
  | { readonly kind: 'part'; readonly of: Source; readonly key: string | number }
  /** Either of two: a value that is there, or its default. */
  | { readonly kind: 'either'; readonly sources: readonly [Source, Source] }
  /** What a promise gives. */
  | { readonly kind: 'awaited'; readonly of: Source }
  | { readonly kind: 'class'; readonly scope: Scope }
  | { readonly kind: 'function'; readonly node: Node }
  | { readonly kind: 'unknown' };

export interface Binding extends Bound {
  /** The name, where it is bound. */
  readonly word: Node;
  readonly source: Source;
}

export interface Scope {
  readonly kind: 'module' | 'function' | 'block' | 'class';
  readonly parent: Scope | undefined;
  readonly node: Node;
  /** By name; in source order. */
  readonly bindings: Map<string, Binding[]>;
  /** Of a class: what its fields hold, and what its methods assign to `this`. */
  readonly fields: Map<string, Binding[]>;
  /** Of a class: what it extends, or `none`. */
  readonly base: Node;
  /** Offsets at which the named array was changed in place. */
  readonly mutations: Map<string, number[]>;
}

const unknown: Source = { kind: 'unknown' };
const inPlaceMethods = new Set(
  'push pop shift unshift splice sort reverse fill copyWithin set assign'.split(' '),
);

export class Scopes {
  readonly module: Scope;
  /** The scope in which each node is evaluated. */
  readonly of: Scope[] = [];
  /** The class that `this` is an object of. */
  readonly receiver: (Scope | undefined)[] = [];
  /** Names that are not read where they stand. */
  readonly notRead = new Set<Node>();
  /** By the word that is bound; an import's original name too. */
  readonly definitions = new Map<Node, Binding>();
  /** Whatever is imported or required anywhere. */
  readonly modules = new Set<string>();
  /** The innermost conditional part around each node, within its function, or `none`. */
  readonly branches: Node[] = [];
  readonly #syntax: Syntax;
  readonly #scopes: Scope[] = [];
  /** Known when every declaration is. */
  readonly #assignments: { readonly target: Node; readonly source: Source; readonly at: number }[] = [];
  readonly #changes: { readonly name: string; readonly scope: Scope; readonly at: number }[] = [];

  constructor(syntax: Syntax) {
    this.#syntax = syntax;
    this.module = this.#scope('module', undefined, 0);
    this.of.push(this.module);
    this.branches.push(none);
  }

  /** Nothing is known before. `syntax` has to be read. */
  *reading(): Steps {
    const syntax = this.#syntax;
    for (let node = 0; node < syntax.size; node++) {
      if (syntax.first[node] !== none) this.#enter(node);
      if (node % nodesInStep === 0) yield;
    }
    for (const { target, source, at } of this.#assignments) this.#assign(target, source, at);
    for (const { name, scope: from, at } of this.#changes) {
      const { mutations } = this.declaring(name, from) ?? this.module;
      append(mutations, name, at);
    }
    this.#inSourceOrder();
  }

  /** The scope that declares the name as it is seen from another one. */
  declaring(name: string, from: Scope): Scope | undefined {
    for (let scope: Scope | undefined = from; scope; scope = scope.parent) {
      if (scope.bindings.has(name)) return scope;
    }
    return undefined;
  }

  #scope(kind: Scope['kind'], parent: Scope | undefined, node: Node, base: Node = none): Scope {
    const scope: Scope = {
      kind,
      parent,
      node,
      base,
      bindings: new Map(),
      fields: new Map(),
      mutations: new Map(),
    };
    this.#scopes.push(scope);
    return scope;
  }

  #inSourceOrder(): void {
    for (const { bindings, fields } of this.#scopes) {
      for (const list of [...bindings.values(), ...fields.values()]) {
        if (list.length > 1) list.sort((left, right) => left.at - right.at);
      }
    }
  }

  /** Nodes come parents first: each hands its scope, its receiver and its branch to its children, some with changes. */
  #enter(node: Node): void {
    const syntax = this.#syntax;
    const outer = this.of[node]!;
    const name = syntax.name(node);
    const inner = this.#opens(node, name, outer);
    const isFunction = inner.kind === 'function' && inner.node === node;
    let receiver = isFunction && name !== 'ArrowFunction' ? undefined : this.receiver[node];
    if (outer.kind === 'class') receiver = outer;
    const parts = conditionalParts(syntax, node);
    for (let child = syntax.first[node]!; child !== none; child = syntax.next[child]!) {
      this.of[child] = inner;
      this.receiver[child] = receiver;
      if (isFunction) this.branches[child] = none;
      else this.branches[child] = parts.includes(child) ? child : this.branches[node]!;
    }
    this.#read(node, name, inner);
  }

  /** The scope of a node's children. */
  #opens(node: Node, name: string, outer: Scope): Scope {
    const syntax = this.#syntax;
    if (isFunctionNode(syntax, node)) {
      const word = syntax.child(node, 'VariableDefinition');
      const inner = this.#scope('function', outer, node);
      // A function expression's name is its own alone.
      this.#declare(word, { kind: 'function', node }, name === 'FunctionDeclaration' ? outer : inner, 0);
      return inner;
    }
    switch (name) {
      case 'ClassDeclaration':
      case 'ClassExpression': {
        const children = syntax.children(node);
        const base = children.findIndex((child) => syntax.name(child) === 'extends');
        const inner = this.#scope('class', outer, node, base < 0 ? none : children[base + 1]!);
        const word = syntax.child(node, 'VariableDefinition');
        const source: Source = { kind: 'class', scope: inner };
        this.#declare(word, source, name === 'ClassDeclaration' ? outer : inner, 0);
        return inner;
      }
      case 'Block':
        // A function's body is in the scope of its parameters.
        return outer.kind === 'function' && syntax.parent[node] === outer.node
          ? outer
          : this.#scope('block', outer, node);
      case 'ForStatement':
      case 'SwitchBody':
      case 'CatchClause':
        return this.#scope('block', outer, node);
      default:
        return outer;
    }
  }

  #read(node: Node, name: string, inner: Scope): void {
    const syntax = this.#syntax;
    switch (name) {
      case 'ImportDeclaration':
        this.#import(node);
        break;
      case 'ExportDeclaration':
        for (const word of namedElsewhere(syntax, node)) this.notRead.add(word);
        break;
      case 'VariableDeclaration':
        this.#variables(node, inner);
        break;
      case 'ForOfSpec':
      case 'ForInSpec':
        this.#patterns(syntax.children(node), inner, syntax.from[node]!);
        break;
      case 'CatchClause':
        this.#patterns(syntax.children(node), inner, syntax.from[node]!);
        break;
      case 'ParamList':
        this.#parameters(node, inner);
        break;
      case 'EnumDeclaration':
      case 'NamespaceDeclaration':
      case 'AmbientFunctionDeclaration': {
        const word = syntax
          .children(node)
          .find((child) => /^(Variable|Type)Definition$/.test(syntax.name(child)));
        this.#declare(word ?? none, unknown, inner, 0);
        break;
      }
      case 'PropertyDeclaration':
        this.#field(node, inner);
        break;
      case 'AssignmentExpression': {
        const [target = none, operator = none, value = none] = syntax.children(node);
        // `x ??= y` and `x ||= y` keep a value that is there; arithmetic gives no loss.
        const source: Source =
          /^(=|\?\?=|\|\|=)$/.test(syntax.source(operator)) && value !== none
            ? { kind: 'expression', node: value }
            : unknown;
        this.#assignments.push({ target, source, at: syntax.to[node]! });
        break;
      }
      case 'UnaryExpression':
      case 'PostfixExpression': {
        const operand = syntax.children(node).find((child) => syntax.name(child) === 'VariableName');
        const changes = /^(\+\+|--)|(\+\+|--)$/.test(syntax.source(node));
        if (changes && operand !== undefined) {
          this.#assignments.push({ target: operand, source: unknown, at: syntax.to[node]! });
        }
        break;
      }
      case 'CallExpression':
        this.#called(node, inner);
        break;
      default:
        return;
    }
  }

  #declare(word: Node, source: Source, into: Scope, at: number, branch: Node = none): void {
    if (word === none) return;
    this.notRead.add(word);
    append(into.bindings, this.#syntax.source(word), this.#define(word, { source, at, branch }));
  }

  #define(word: Node, bound: Omit<Binding, 'word'>): Binding {
    const binding = { word, ...bound };
    this.definitions.set(word, binding);
    return binding;
  }

  #import(node: Node): void {
    const { module, names } = importsOf(this.#syntax, node);
    if (module !== undefined) this.modules.add(module);
    for (const { word, original, source } of names) {
      this.#declare(word, source, this.module, 0);
      if (original === none) continue;
      this.notRead.add(original);
      this.definitions.set(original, this.definitions.get(word)!);
    }
  }

  #variables(node: Node, inner: Scope): void {
    const syntax = this.#syntax;
    const isVar = syntax.child(node, 'var') !== none;
    let into = inner;
    while (isVar && into.kind === 'block' && into.parent) into = into.parent;
    this.#patterns(syntax.children(node), into, syntax.to[node]!, this.branches[node]!);
  }

  /** Patterns with what they are initialised with, separated by commas. */
  #patterns(children: readonly Node[], into: Scope, at: number, branch: Node = none): void {
    const syntax = this.#syntax;
    for (const [i, child] of children.entries()) {
      if (!isPattern(syntax, child)) continue;
      const end = children.findIndex((other, j) => j > i && syntax.name(other) === ',');
      const rest = children.slice(i + 1, end < 0 ? undefined : end);
      const equals = rest.findIndex((other) => syntax.name(other) === 'Equals');
      const value = equals < 0 ? none : (rest[equals + 1] ?? none);
      const type = rest.find((other) => syntax.name(other) === 'TypeAnnotation');
      const module = type === undefined ? undefined : this.#moduleType(type);
      let source: Source = unknown;
      if (value !== none) source = { kind: 'expression', node: value };
      else if (module) source = { kind: 'import', module };
      for (const [word, part] of namesIn(syntax, child, source)) this.#declare(word, part, into, at, branch);
    }
  }

  /** `typeof import('…')`, which the grammar does not know. */
  #moduleType(type: Node): string | undefined {
    const { text, from } = this.#syntax;
    return /^:\s*typeof\s+import\((['"])([^'"]*)\1\)/.exec(text.slice(from[type], from[type]! + 200))?.[2];
  }

  #parameters(list: Node, inner: Scope): void {
    const syntax = this.#syntax;
    // Of a type, or of a signature without a body.
    if (!isFunctionNode(syntax, syntax.parent[list]!)) {
      for (const child of syntax.children(list)) this.notRead.add(child);
      return;
    }
    const promise = this.#promiseOf(syntax.parent[list]!);
    const at = syntax.from[list]!;
    const children = syntax.children(list);
    if (promise !== none) {
      const target = children.find((child) =>
        /^(VariableDefinition|ObjectPattern)$/.test(syntax.name(child)),
      );
      const source: Source = { kind: 'awaited', of: { kind: 'expression', node: promise } };
      if (target === undefined) return;
      for (const [word, part] of namesIn(syntax, target, source)) this.#declare(word, part, inner, at);
      return;
    }
    this.#patterns(children, inner, at);
    // TypeScript: `constructor(private loss = …)` is a field too.
    for (const [i, child] of children.entries()) {
      if (!/^(Privacy|readonly)$/.test(syntax.name(children[i - 1] ?? none))) continue;
      const binding = this.definitions.get(child);
      if (binding && inner.parent?.kind === 'class')
        append(inner.parent.fields, syntax.source(child), binding);
    }
  }

  /** The promise in `promise.then((value) => …)`, for that function. */
  #promiseOf(callback: Node): Node {
    const syntax = this.#syntax;
    const list = syntax.parent[callback]!;
    const call = list === none ? none : syntax.parent[list]!;
    if (syntax.name(list) !== 'ArgList' || syntax.name(call) !== 'CallExpression') return none;
    const member = syntax.first[call]!;
    const isThen = syntax.word(syntax.property(member)) === 'then';
    return isThen && argumentsOf(syntax, call)[0]?.value === callback ? syntax.first[member]! : none;
  }

  #field(node: Node, inner: Scope): void {
    const syntax = this.#syntax;
    const children = syntax.children(node);
    const word = children.find((child) => /^(Private)?PropertyDefinition$/.test(syntax.name(child)));
    const equals = children.findIndex((child) => syntax.name(child) === 'Equals');
    const value = equals < 0 ? none : (children[equals + 1] ?? none);
    if (word === undefined || inner.kind !== 'class') return;
    this.notRead.add(word);
    const source: Source = isExpression(syntax, value) ? { kind: 'expression', node: value } : unknown;
    if (equals < 0) return;
    append(
      inner.fields,
      syntax.source(word),
      this.#define(word, { source, at: syntax.to[node]!, branch: none }),
    );
  }

  #called(node: Node, from: Scope): void {
    const syntax = this.#syntax;
    const callee = syntax.first[node]!;
    if (syntax.name(callee) === 'VariableName' && syntax.source(callee) === 'require') {
      const module = syntax.word(argumentsOf(syntax, node)[0]?.value ?? none);
      if (module !== undefined) this.modules.add(module);
    }
    const method = syntax.word(syntax.property(callee));
    const base = syntax.first[callee]!;
    if (method !== undefined && inPlaceMethods.has(method) && syntax.name(base) === 'VariableName') {
      this.#changes.push({ name: syntax.source(base), scope: from, at: syntax.to[node]! });
    }
  }

  #assign(target: Node, source: Source, at: number): void {
    const syntax = this.#syntax;
    if (target === none) return;
    const from = this.of[target]!;
    switch (syntax.name(target)) {
      case 'VariableName':
      case 'VariableDefinition': {
        const name = syntax.source(target);
        const into = this.declaring(name, from) ?? this.module;
        this.notRead.add(target);
        const branch = this.#branchWithin(target, into);
        append(into.bindings, name, this.#define(target, { source, at, branch }));
        break;
      }
      case 'MemberExpression': {
        const word = syntax.property(target);
        const base = syntax.first[target]!;
        if (syntax.name(base) === 'VariableName') {
          append(
            (this.declaring(syntax.source(base), from) ?? this.module).mutations,
            syntax.source(base),
            at,
          );
        }
        if (word === none) break;
        this.notRead.add(word);
        const owner = syntax.name(base) === 'this' ? this.receiver[target] : undefined;
        const binding = this.#define(word, { source, at, branch: none });
        if (owner) append(owner.fields, syntax.source(word), binding);
        break;
      }
      default:
        // Of a pattern, the names are assigned something that is not followed.
        for (let node = target + 1; node < syntax.size && syntax.from[node]! < syntax.to[target]!; node++) {
          if (/^Variable(Name|Definition)$/.test(syntax.name(node))) this.#assign(node, unknown, at);
        }
    }
  }

  /** The conditional block around an assignment; where another function assigns, its body: nobody knows when it runs. */
  #branchWithin(node: Node, into: Scope): Node {
    let within: Scope | undefined = this.of[node]!;
    let outermost: Scope | undefined;
    for (; within && within !== into; within = within.parent)
      if (within.kind === 'function') outermost = within;
    return outermost ? this.#syntax.children(outermost.node).at(-1)! : this.branches[node]!;
  }
}

function isFunctionNode(syntax: Syntax, node: Node): boolean {
  switch (syntax.name(node)) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunction':
    case 'MethodDeclaration':
      return true;
    case 'Property':
      return syntax.child(node, 'ParamList') !== none;
    default:
      return false;
  }
}

function append<T>(map: Map<string, T[]>, name: string, item: T): void {
  const list = map.get(name);
  if (list) list.push(item);
  else map.set(name, [item]);
}
