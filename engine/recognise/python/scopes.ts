/** Python's scopes: which names each one binds, where, under which condition, and to what. */
import { finish, type Steps } from '../../steps.ts';
import { nodesInStep } from '../tree.ts';
import type { PythonDocument } from './document.ts';
import { pathIn } from './modules.ts';
import { callsIn, type Names, NamesInParts, type Opening, OwnNames, wordsIn } from './names.ts';
import { argumentsOf, isExpression, type Node, none, type Syntax, unwrap } from './syntax.ts';

/** What a name is bound to. */
export type Source =
  | { readonly kind: 'expression'; readonly node: Node }
  | { readonly kind: 'import'; readonly path: string }
  | { readonly kind: 'class'; readonly scope: Scope }
  /** `self` or `cls` of a method: an object of that class. */
  | { readonly kind: 'receiver'; readonly scope: Scope }
  | { readonly kind: 'function'; readonly node: Node }
  | Parameter
  | { readonly kind: 'unknown' };

export interface Parameter {
  readonly kind: 'parameter';
  /** The function, or lambda. */
  readonly of: Node;
  readonly name: string;
  /** Its place among the positional ones; -1 when it has none. */
  readonly index: number;
  /** Its default, or `none`. */
  readonly fallback: Node;
}

export interface Binding {
  /** The name, where it is bound. */
  readonly word: Node;
  /** The offset from which on it holds. */
  readonly at: number;
  /** The innermost conditional block around it within its scope, or `none`. */
  readonly branch: Node;
  readonly source: Source;
  /** The catalogue id of a comment `# loss: id` on its line. */
  readonly declared?: string;
}

export interface Scope {
  readonly kind: 'module' | 'class' | 'function' | 'comprehension';
  readonly parent: Scope | undefined;
  readonly node: Node;
  /** An attribute is under its dotted name: `self.criterion`. */
  readonly bindings: Names<Binding>;
  /** All under `*`. */
  readonly stars: Names<Star>;
  /** `global` and `nonlocal` declarations: the scope that the name belongs to. */
  readonly elsewhere: Map<string, Scope>;
  /** Offsets at which a method or a subscript changed the named object in place. */
  readonly mutations: Names<number>;
  /** Of a class: what its methods assign to their first parameter's attributes. */
  readonly attributes: Names<Binding>;
  /** Of a class: its base classes. */
  readonly bases: Node[];
}

/** An import of everything in a module. */
export interface Star {
  readonly module: string;
  readonly place: Place;
}

/** Where a name is bound. */
export interface Place {
  readonly scope: Scope;
  readonly branch: Node;
  readonly at: number;
  readonly declared?: string | undefined;
}

const unknown: Source = { kind: 'unknown' };
/** Until the node that it is in hands it down. */
const unset = undefined as unknown as Scope;
const inPlaceMethods = new Set([
  'append',
  'extend',
  'insert',
  'pop',
  'remove',
  'clear',
  'sort',
  'reverse',
  'fill',
]);
const lossComment = /^#\s*loss:\s*([a-z][a-z0-9-]*)(?![\w-])/;

function* starImports(text: string): Generator<number> {
  for (const { index } of text.matchAll(/\bimport(?:[\s\\(]|#.*\n)*\*/g)) yield index;
}

/** What the parts of a source say is known when they are opened: by whom they are asked, or for a name of the module. */
export class Scopes implements Opening {
  readonly document: PythonDocument;
  readonly module: Scope;
  /** The scope in which each node is evaluated. */
  readonly of: Scope[] = [];
  /** Names that are not read where they stand: bound, imported, declared, or the keyword of an argument. */
  readonly notRead = new Set<Node>();
  /** By the word that is bound; an import's original name too. */
  readonly definitions = new Map<Node, Binding>();
  /** The calls of plain names. */
  readonly calls: Names<Node>;
  readonly #syntax: Syntax;
  readonly #branch: Node[] = [];
  readonly #opened = new Set<number>();
  readonly #imports: Names<string>;
  /** Of the part that is being read. */
  #comments: { readonly from: number; readonly id: string }[] = [];
  #part = 0;

  constructor(syntax: Syntax, document: PythonDocument) {
    this.#syntax = syntax;
    this.document = document;
    const base = (text: string, name: string) => wordsIn(text, name.split('.', 1)[0]!);
    const admits = (part: number, name: string) => {
      const { defines } = document.parts[part]!;
      return defines === undefined || defines === name;
    };
    this.calls = new NamesInParts(this, callsIn);
    this.#imports = new NamesInParts(this, (text) => wordsIn(text, 'import'));
    this.module = {
      ...this.#scope('module', undefined, 0),
      bindings: new NamesInParts(this, base, admits),
      mutations: new NamesInParts(this, base, admits),
      stars: new NamesInParts(this, starImports, admits),
    };
    this.of.push(this.module);
    this.#branch.push(none);
  }

  get part(): number {
    return this.#part;
  }

  get whole(): boolean {
    return this.#opened.size === this.document.parts.length;
  }

  /** Dotted names of the modules and objects that are imported anywhere. */
  get imports(): readonly string[] {
    return this.#imports.get('') ?? [];
  }

  /** All of the source. */
  *openingAll(): Steps {
    for (let part = 0; part < this.document.parts.length; part++) {
      yield* this.#opening(part);
      yield;
    }
  }

  open(part: number): void {
    finish(this.#opening(part));
  }

  *#opening(part: number): Steps {
    if (this.#opened.has(part)) return;
    const syntax = this.#syntax;
    const { first, end } = yield* syntax.opening(part);
    this.#part = part;
    this.#comments = [];
    for (let node = first; node < end; node++) {
      this.of[node] = syntax.parent[node] === 0 ? this.module : unset;
      this.#branch[node] = none;
      const id = syntax.name(node) === 'Comment' && lossComment.exec(syntax.source(node))?.[1];
      if (id) this.#comments.push({ from: syntax.from[node]!, id });
    }
    for (let node = first; node < end; node++) {
      if (syntax.first[node] !== none) this.#enter(node);
      if (node % nodesInStep === 0) yield;
    }
    this.#opened.add(part);
  }

  #scope(kind: Scope['kind'], parent: Scope | undefined, node: Node): Scope {
    return {
      kind,
      parent,
      node,
      bindings: new OwnNames(),
      stars: new OwnNames(),
      elsewhere: new Map(),
      mutations: new OwnNames(),
      attributes: new OwnNames(),
      bases: [],
    };
  }

  /** Nodes come parents first: each hands its scope and its branch to its children, some with changes. */
  #enter(node: Node): void {
    const syntax = this.#syntax;
    const scope = this.of[node]!;
    for (let child = syntax.first[node]!; child !== none; child = syntax.next[child]!) {
      // Set already where an ancestor knew better: defaults of parameters belong outside of the function.
      this.of[child] ??= scope;
      this.#branch[child] = this.#branch[node]!;
    }
    switch (syntax.name(node)) {
      case 'FunctionDefinition':
        this.#function(node, scope);
        break;
      case 'LambdaExpression':
        this.#lambda(node, scope);
        break;
      case 'ClassDefinition':
        this.#class(node, scope);
        break;
      case 'ComprehensionExpression':
      case 'ArrayComprehensionExpression':
      case 'DictionaryComprehensionExpression':
      case 'SetComprehensionExpression':
        this.#comprehension(node, scope);
        break;
      case 'CallExpression': {
        const callee = syntax.first[node]!;
        if (syntax.name(callee) === 'VariableName') this.calls.add(syntax.source(callee), node);
        break;
      }
      case 'ArgList':
        this.#arguments(node, scope);
        break;
      case 'AssignStatement':
        this.#assignment(node);
        break;
      case 'UpdateStatement':
        this.#bindTarget(syntax.first[node]!, none, this.#place(node, syntax.to[node]!));
        break;
      case 'NamedExpression':
        this.#named(node);
        break;
      case 'ExpressionStatement':
        this.#inPlace(node, scope);
        break;
      case 'ImportStatement':
        this.#import(node);
        break;
      case 'DeleteStatement':
        for (const child of syntax.children(node)) {
          this.#bindTarget(child, none, this.#place(node, syntax.to[node]!));
        }
        return;
      case 'ScopeStatement':
        this.#declaration(node, scope);
        break;
      case 'ForStatement':
        this.#for(node);
        break;
      case 'IfStatement':
      case 'WhileStatement':
      case 'MatchClause':
        for (const child of syntax.children(node)) this.#conditional(child);
        return;
      case 'TryStatement':
        this.#afterAs(node);
        for (const child of syntax.children(node)) {
          if (syntax.name(child) === 'finally') break;
          this.#conditional(child);
        }
        return;
      case 'WithStatement':
      case 'AsPattern':
        this.#afterAs(node);
        break;
      case 'CapturePattern':
      case 'TypeDefinition':
        this.#bind(syntax.child(node, 'VariableName'), unknown, this.#place(node, syntax.to[node]!));
        return;
      case 'KeywordPattern':
        this.notRead.add(syntax.child(node, 'VariableName'));
        return;
      case 'Decorator':
        for (const child of syntax.children(node)) this.notRead.add(child);
        return;
      default:
        return;
    }
  }

  #conditional(child: Node): void {
    if (this.#syntax.name(child) === 'Body') this.#branch[child] = child;
  }

  /** The place of what `node`, already entered, binds from `at` on. */
  #place(node: Node, at: number, declared?: string): Place {
    return { scope: this.of[node]!, branch: this.#branch[node]!, at, declared };
  }

  #bind(word: Node, source: Source, place: Place): void {
    if (word === none) return;
    const name = this.#syntax.source(word);
    const scope = place.scope.elsewhere.get(name);
    const branch = scope ? this.#syntax.child(place.scope.node, 'Body') : place.branch;
    this.notRead.add(word);
    (scope ?? place.scope).bindings.add(name, this.#define(word, source, { ...place, branch }));
  }

  #define(word: Node, source: Source, { at, branch, declared }: Place): Binding {
    const binding: Binding = { word, at, branch, source, ...(declared ? { declared } : {}) };
    this.definitions.set(word, binding);
    return binding;
  }

  /** The id that a comment gives to what is defined between `from` and the end of the line of `to`. */
  #declared(from: number, to: number): string | undefined {
    let low = 0;
    let high = this.#comments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#comments[middle]!.from < from) low = middle + 1;
      else high = middle;
    }
    const next = this.#comments[low];
    if (!next) return undefined;
    const lineEnd = this.#syntax.text.indexOf('\n', to);
    return lineEnd < 0 || next.from < lineEnd ? next.id : undefined;
  }

  #function(node: Node, outer: Scope): void {
    const syntax = this.#syntax;
    const inner = this.#scope('function', outer, node);
    const body = syntax.child(node, 'Body');
    const declared = this.#declared(
      syntax.from[node]!,
      body === none ? syntax.to[node]! : syntax.from[body]!,
    );
    const place = this.#place(node, syntax.to[node]!, declared);
    this.#bind(syntax.child(node, 'VariableName'), { kind: 'function', node }, place);
    if (body !== none) {
      this.of[body] = inner;
      this.#branch[body] = none;
    }
    this.#parameters(syntax.child(node, 'ParamList'), inner, outer);
  }

  #lambda(node: Node, outer: Scope): void {
    const syntax = this.#syntax;
    const inner = this.#scope('function', outer, node);
    for (const child of syntax.children(node)) {
      this.of[child] = inner;
      this.#branch[child] = none;
    }
    this.#parameters(syntax.child(node, 'ParamList'), inner, outer);
  }

  #parameters(list: Node, inner: Scope, outer: Scope): void {
    const syntax = this.#syntax;
    const children = syntax.children(list);
    let receiver = outer.kind === 'class' && !this.#isStatic(inner.node) ? outer : undefined;
    let index = 0;
    for (let i = 0; i < children.length; i++) {
      const child = children[i]!;
      const before = syntax.name(children[i - 1] ?? none);
      if (syntax.name(child) !== 'VariableName' || before === 'AssignOp') {
        this.of[child] = outer;
        // Behind `*` they have no positions.
        if (syntax.name(child) === '*') index = Number.NaN;
        continue;
      }
      const after = children.slice(i + 1, i + 4);
      const end = after.findIndex((other) => syntax.name(other) === ',');
      const assign = after.findIndex((other) => syntax.name(other) === 'AssignOp');
      const fallback = assign >= 0 && (end < 0 || assign < end) ? (after[assign + 1] ?? none) : none;
      const collects = before === '*' || before === '**';
      const place = Number.isNaN(index) ? -1 : index++;
      let source: Source = unknown;
      if (receiver && !collects) source = { kind: 'receiver', scope: receiver };
      else if (!collects) {
        source = { kind: 'parameter', of: inner.node, name: syntax.source(child), index: place, fallback };
      }
      receiver = undefined;
      this.of[child] = inner;
      this.#bind(child, source, { scope: inner, branch: none, at: syntax.from[list]! });
    }
  }

  #isStatic(definition: Node): boolean {
    const syntax = this.#syntax;
    const statement = syntax.parent[definition]!;
    if (syntax.name(statement) !== 'DecoratedStatement') return false;
    return syntax.children(statement).some((child) => {
      return syntax.name(child) === 'Decorator' && /^@\s*staticmethod\b/.test(syntax.source(child));
    });
  }

  #class(node: Node, outer: Scope): void {
    const syntax = this.#syntax;
    const inner = this.#scope('class', outer, node);
    const body = syntax.child(node, 'Body');
    const declared = this.#declared(
      syntax.from[node]!,
      body === none ? syntax.to[node]! : syntax.from[body]!,
    );
    const place = this.#place(node, syntax.to[node]!, declared);
    this.#bind(syntax.child(node, 'VariableName'), { kind: 'class', scope: inner }, place);
    for (const { keyword, value } of argumentsOf(syntax, node)) {
      if (keyword === undefined) inner.bases.push(value);
    }
    if (body === none) return;
    this.of[body] = inner;
    this.#branch[body] = none;
  }

  #comprehension(node: Node, outer: Scope): void {
    const syntax = this.#syntax;
    const inner = this.#scope('comprehension', outer, node);
    const place = { scope: inner, branch: none, at: syntax.from[node]! };
    let targets = false;
    let iterables = 0;
    for (const child of syntax.children(node)) {
      const name = syntax.name(child);
      this.of[child] = inner;
      if (name === 'for') targets = true;
      else if (name === 'in') {
        targets = false;
        iterables++;
      } else if (targets) this.#bindTarget(child, none, place);
      else if (iterables === 1 && isExpression(syntax, child)) {
        // The first iterable is evaluated outside; conditions and later ones inside.
        this.of[child] = outer;
        iterables++;
      }
    }
  }

  #arguments(node: Node, scope: Scope): void {
    const syntax = this.#syntax;
    if (syntax.child(node, 'for') !== none) this.#comprehension(node, scope);
    const children = syntax.children(node);
    for (let i = 1; i < children.length; i++) {
      if (syntax.name(children[i]!) !== 'AssignOp') continue;
      const word = children[i - 1]!;
      const value = children[i + 1] ?? none;
      if (syntax.name(word) !== 'VariableName') continue;
      this.notRead.add(word);
      if (syntax.source(children[i]!) === ':=') {
        this.#bindNamed(word, value, node);
      }
    }
  }

  #assignment(node: Node): void {
    const syntax = this.#syntax;
    const parts: Node[][] = [[]];
    for (const child of syntax.children(node)) {
      const name = syntax.name(child);
      if (name === 'AssignOp') parts.push([]);
      else if (name !== 'TypeDef') parts.at(-1)!.push(child);
    }
    if (parts.length === 1) {
      // `name: Type` alone binds nothing, and reads nothing.
      for (const word of parts[0]!) this.notRead.add(word);
      return;
    }
    const to = syntax.to[node]!;
    const place = this.#place(
      node,
      to,
      this.#declared(syntax.from[node]!, Math.max(syntax.from[node]!, to - 1)),
    );
    // A call takes no value: its parenthesis is not closed yet, and the next line's assignment ran into it.
    const open = parts.findIndex((part, i) => i > 0 && syntax.name(part[0] ?? none) === 'CallExpression');
    if (open > 0) parts.length = open + 1;
    const values = parts.pop()!;
    const value = values.length === 1 ? values[0]! : none;
    for (const targets of parts) {
      if (targets.length === 1) this.#bindTarget(targets[0]!, value, place);
      else this.#bindTargets(targets, value === none ? values : this.#elements(value), place);
    }
  }

  #elements(value: Node): Node[] {
    const inner = unwrap(this.#syntax, value);
    const name = this.#syntax.name(inner);
    return name === 'TupleExpression' || name === 'ArrayExpression'
      ? this.#syntax.children(inner).slice(1, -1)
      : [];
  }

  /** Unpacking: the values one by one where their number is plain, else unknown ones. */
  #bindTargets(targets: readonly Node[], values: readonly Node[], place: Place): void {
    const syntax = this.#syntax;
    const left = targets.filter((target) => isExpression(syntax, target));
    const right = values.filter((value) => isExpression(syntax, value));
    const starred = [...targets, ...values].some((part) => syntax.name(part) === '*');
    const paired = !starred && left.length === right.length;
    left.forEach((target, i) => {
      this.#bindTarget(target, paired ? right[i]! : none, place);
    });
  }

  #bindTarget(target: Node, value: Node, place: Place): void {
    const syntax = this.#syntax;
    const source: Source = value === none ? unknown : { kind: 'expression', node: value };
    switch (syntax.name(target)) {
      case 'VariableName':
        this.#bind(target, source, place);
        break;
      case 'MemberExpression':
        this.#bindMember(target, source, place);
        break;
      case 'TupleExpression':
      case 'ArrayExpression':
      case 'ParenthesizedExpression': {
        const values = value === none ? [] : this.#elements(value);
        this.#bindTargets(syntax.children(target), values, place);
        break;
      }
      default:
        return;
    }
  }

  #bindMember(target: Node, source: Source, place: Place): void {
    const syntax = this.#syntax;
    const base = syntax.first[target]!;
    const word = syntax.property(target);
    const name = syntax.name(base) === 'VariableName' ? syntax.source(base) : undefined;
    if (word === none) {
      if (name) place.scope.mutations.add(name, place.at);
      return;
    }
    this.notRead.add(word);
    if (!name) return;
    const binding = this.#define(word, source, place);
    place.scope.bindings.add(`${name}.${syntax.source(word)}`, binding);
    const owner = receiverClass(place.scope, name);
    owner?.attributes.add(syntax.source(word), binding);
  }

  /** `x.append(…)` and PyTorch's `x.clamp_(…)` change what `x` holds. */
  #inPlace(node: Node, scope: Scope): void {
    const syntax = this.#syntax;
    const member = syntax.first[syntax.child(node, 'CallExpression')] ?? none;
    const property = member === none ? none : syntax.property(member);
    const base = member === none ? none : syntax.first[member]!;
    if (property === none || syntax.name(base) !== 'VariableName') return;
    const method = syntax.source(property);
    if (!inPlaceMethods.has(method) && !/[a-z0-9]_$/.test(method)) return;
    if (method !== 'requires_grad_') scope.mutations.add(syntax.source(base), syntax.to[node]!);
  }

  #named(node: Node): void {
    const [word = none, , value = none] = this.#syntax.children(node);
    if (this.#syntax.name(word) === 'VariableName') this.#bindNamed(word, value, node);
  }

  /** `word := value` in a comprehension binds in the scope around it. */
  #bindNamed(word: Node, value: Node, node: Node): void {
    const place = this.#place(node, this.#syntax.to[node]!);
    let scope = place.scope;
    while (scope.kind === 'comprehension' && scope.parent) scope = scope.parent;
    this.#bind(word, { kind: 'expression', node: value }, { ...place, scope });
  }

  #for(node: Node): void {
    const syntax = this.#syntax;
    const children = syntax.children(node);
    for (const child of children) this.#conditional(child);
    const body = syntax.child(node, 'Body');
    const start = children.findIndex((child) => syntax.name(child) === 'for') + 1;
    const end = children.findIndex((child) => syntax.name(child) === 'in');
    if (start === 0 || end < start) return;
    // Bound once an element, so only the body is sure of it.
    const place =
      body === none
        ? this.#place(node, syntax.to[node]!)
        : { scope: this.of[node]!, branch: body, at: syntax.from[body]! };
    for (const target of children.slice(start, end)) this.#bindTarget(target, none, place);
  }

  #afterAs(node: Node): void {
    const syntax = this.#syntax;
    const children = syntax.children(node);
    for (let i = 1; i < children.length; i++) {
      const child = children[i]!;
      if (syntax.name(children[i - 1]!) === 'as') {
        this.#bindTarget(child, none, this.#place(node, syntax.to[child]!));
      }
    }
  }

  #declaration(node: Node, scope: Scope): void {
    const syntax = this.#syntax;
    const global = syntax.child(node, 'global') !== none;
    for (const word of syntax.children(node)) {
      if (syntax.name(word) !== 'VariableName') continue;
      this.notRead.add(word);
      let target: Scope | undefined = this.module;
      if (!global) {
        target = scope.parent;
        while (target && target.kind !== 'function') target = target.parent;
      }
      if (target && target !== scope) scope.elsewhere.set(syntax.source(word), target);
    }
  }

  #import(node: Node): void {
    const syntax = this.#syntax;
    const tokens = syntax.children(node);
    const place = this.#place(node, syntax.to[node]!);
    let i = 1;
    const dotted = (): Node[] => {
      const words: Node[] = [];
      while (syntax.name(tokens[i] ?? none) === 'VariableName') {
        words.push(tokens[i]!);
        this.notRead.add(tokens[i]!);
        i++;
        if (syntax.name(tokens[i] ?? none) !== '.') break;
        i++;
      }
      return words;
    };
    const join = (words: readonly Node[]) => words.map((word) => syntax.source(word)).join('.');
    let module: string | undefined;
    const from = syntax.name(tokens[0] ?? none) === 'from';
    if (from) {
      let dots = '';
      while (i < tokens.length && !['VariableName', 'import'].includes(syntax.name(tokens[i]!))) {
        dots += syntax.source(tokens[i++]!);
      }
      module = `${dots}${join(dotted())}`;
      while (i < tokens.length && syntax.name(tokens[i]!) !== 'import') i++;
      i++;
    }
    while (i < tokens.length) {
      const token = tokens[i]!;
      if (syntax.name(token) === '*' && from) {
        i++;
        if (!module) continue;
        this.#imports.add('', module);
        place.scope.stars.add('*', { module, place });
        continue;
      }
      if (syntax.name(token) !== 'VariableName') {
        i++;
        continue;
      }
      const words = dotted();
      let alias = none;
      if (syntax.name(tokens[i] ?? none) === 'as') {
        alias = tokens[i + 1] ?? none;
        i += 2;
      }
      const name = join(words);
      const path = from ? module && pathIn(module, name) : name;
      if (path) this.#imports.add('', path);
      // `import a.b` binds `a`.
      const bound = from || alias !== none ? path : syntax.source(words[0]!);
      const source: Source = bound ? { kind: 'import', path: bound } : unknown;
      const word = alias === none ? words[0]! : alias;
      // What is defined in another file can be declared where it is imported from there.
      const declared = from ? this.#declared(syntax.from[word]!, syntax.to[word]!) : undefined;
      this.#bind(word, source, { ...place, declared });
      const binding = this.definitions.get(word);
      if (binding && from) this.definitions.set(words[0]!, binding);
    }
  }
}

/** The class whose object `name` is in this scope, if it is a method's first parameter: so it is none of the module's. */
function receiverClass(scope: Scope, name: string): Scope | undefined {
  for (let inner: Scope | undefined = scope; inner && inner.kind !== 'module'; inner = inner.parent) {
    const source = inner.kind === 'class' ? undefined : inner.bindings.get(name)?.[0]?.source;
    if (source) return source.kind === 'receiver' ? source.scope : undefined;
  }
  return undefined;
}
