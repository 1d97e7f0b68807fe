/** Every loss that a Python source names. */
import { finish, type Steps } from '../../steps.ts';
import type { RecognisedLoss } from '../recognised.ts';
import type { LossTable } from '../table.ts';
import { type NodeRange, nodesInStep } from '../tree.ts';
import type { PythonDocument } from './document.ts';
import { Scopes } from './scopes.ts';
import { argumentsOf, type Node, none, Syntax, unwrap } from './syntax.ts';
import { type LossValue, type Value, Values } from './values.ts';

/** A reported loss and the node that names it. */
export interface NamedLoss {
  readonly reported: RecognisedLoss;
  readonly value: LossValue;
  /** The whole dotted expression, or the string. */
  readonly expression: Node;
}

/** A statement, or a part of one, that holds statements. */
const compound =
  /^(?:(?:If|For|While|Try|With|Match|Decorated)Statement|(?:Class|Function)Definition|Match(?:Body|Clause)|Body|Script)$/;

export class PythonLosses {
  readonly syntax: Syntax;
  readonly values: Values;
  readonly #document: PythonDocument;
  readonly #scopes: Scopes;
  #named: readonly NamedLoss[] | undefined;
  #dependsOnModules = false;
  readonly #table: LossTable;

  /** @param modules  the user's own, by how the source names them */
  constructor(
    document: PythonDocument,
    table: LossTable,
    modules: (name: string) => PythonLosses | undefined,
  ) {
    this.#document = document;
    this.#table = table;
    this.syntax = new Syntax(document);
    this.#scopes = new Scopes(this.syntax, document);
    this.values = new Values(this.syntax, this.#scopes, table, (name) => {
      this.#dependsOnModules = true;
      return modules(name)?.values;
    });
  }

  /**
   * Reads all of the source, which makes `named`, and `syntax` one that can be walked through in source order if nothing
   * was asked before.
   */
  *reading(): Steps {
    if (this.#named) return;
    yield* this.#scopes.openingAll();
    const named: NamedLoss[] = [];
    for (let node = 0; node < this.syntax.size; node++) {
      this.#visit(node, named);
      if (node % nodesInStep === 0) yield;
    }
    this.#named = inOrder(named);
  }

  /** Whether anything that was asked so far may have another answer when more is known of the user's own modules. */
  get dependsOnModules(): boolean {
    return this.#dependsOnModules;
  }

  /** In source order. Found on first use: what is at one place costs less to find than all. */
  get named(): readonly NamedLoss[] {
    finish(this.reading());
    return this.#named!;
  }

  /** Those on the line of the offset, and in the simple statements on it. */
  namedNear(offset: number): readonly NamedLoss[] {
    const { syntax } = this;
    const part = this.#document.partAt(offset);
    this.#scopes.open(part);
    const [start, end] = syntax.statementsAt(offset, compound);
    const range = syntax.open(part);
    const [first, last] = [syntax.firstFrom(start, range), syntax.firstFrom(end + 1, range)];
    // Whether a string in a variable is a loss is said where a model is compiled, which may be anywhere.
    for (let node = first; node < last; node++) {
      if (this.#stringId(node) && this.#isAssigned(node)) return this.named;
    }
    return this.#namedIn(first, last);
  }

  #namedIn(first: Node, end: Node): readonly NamedLoss[] {
    const named: NamedLoss[] = [];
    for (let node = first; node < end; node++) this.#visit(node, named);
    return inOrder(named);
  }

  /** Of the part of the source in which the code unit before the offset is. */
  nodesBefore(offset: number): NodeRange {
    const part = this.#document.partAt(Math.max(offset - 1, 0));
    this.#scopes.open(part);
    return this.syntax.open(part);
  }

  /** Also where a loss is imported, assigned or defined. */
  at(offset: number): RecognisedLoss | undefined {
    const { syntax } = this;
    this.#scopes.open(this.#document.partAt(offset));
    const word = syntax.wordAt(offset);
    const parent = word === none ? none : syntax.parent[word]!;
    const found: NamedLoss[] = [];
    if (word !== none) this.#read(syntax.property(parent) === word ? parent : word, word, found);
    if (found.length === 0) found.push(...this.#compiledWith(offset));
    const named = found.find(({ reported }) => reported.start <= offset && offset <= reported.end);
    if (named) return named.reported;
    const binding = this.#scopes.definitions.get(word);
    if (!binding) return undefined;
    const losses = onlyLosses(this.values.ofBinding(binding));
    return losses[0] && this.#report(word, losses);
  }

  /** The string at the offset, in the `compile` around it or wherever else the one is that it reaches. */
  #compiledWith(offset: number): readonly NamedLoss[] {
    const { syntax } = this;
    const string = syntax.covering(offset, offset);
    if (!this.#stringId(string)) return [];
    const found: NamedLoss[] = [];
    for (let node = string; node !== none; node = syntax.parent[node]!) {
      if (syntax.name(node) === 'CallExpression') this.#compile(node, found);
    }
    const isIt = ({ expression }: NamedLoss) => expression === string;
    return found.some(isIt) || !this.#isAssigned(string) ? found : this.named.filter(isIt);
  }

  /** Whether a string is a value, or a part of one, that a name is given. */
  #isAssigned(string: Node): boolean {
    const { syntax } = this;
    let node = syntax.parent[string]!;
    while (/^(Parenthesized|Array|Tuple|Dictionary|Conditional)Expression$/.test(syntax.name(node)))
      node = syntax.parent[node]!;
    return syntax.name(node) === 'AssignStatement';
  }

  #visit(node: Node, into: NamedLoss[]): void {
    const { syntax } = this;
    switch (syntax.name(node)) {
      case 'VariableName':
        this.#read(node, node, into);
        break;
      case 'MemberExpression': {
        const property = syntax.property(node);
        if (property !== none) this.#read(node, property, into);
        return;
      }
      case 'CallExpression':
        this.#compile(node, into);
        break;
      default:
        return;
    }
  }

  #read(expression: Node, word: Node, into: NamedLoss[]): void {
    if (this.#scopes.notRead.has(word)) return;
    const losses = onlyLosses(this.values.of(expression));
    const value = losses[0];
    if (!value) return;
    const { syntax } = this;
    const parent = syntax.parent[expression]!;
    const called = syntax.name(parent) === 'CallExpression' && syntax.first[parent] === expression;
    const call = called ? { call: { start: syntax.from[parent]!, end: syntax.to[parent]! } } : {};
    into.push({ reported: { ...this.#report(word, losses), ...call }, value, expression });
  }

  #report(word: Node, losses: readonly LossValue[]): RecognisedLoss {
    const { symbol, loss, as } = losses[0]!;
    const others = new Set(losses.map((value) => value.symbol));
    others.delete(symbol);
    return {
      start: this.syntax.from[word]!,
      end: this.syntax.to[word]!,
      symbol,
      loss,
      kind: as,
      ...(others.size > 0 ? { alternatives: [...others] } : {}),
    };
  }

  /** Keras: `model.compile(optimizer, loss, …)`, the loss a string, or strings in lists and dictionaries. */
  #compile(call: Node, into: NamedLoss[]): void {
    const { syntax } = this;
    const callee = syntax.first[call]!;
    const method = syntax.property(callee);
    if (method === none || syntax.source(method) !== 'compile') return;
    const given = argumentsOf(syntax, call);
    const byKeyword = given.find((argument) => argument.keyword === 'loss');
    const positional =
      given[1]?.keyword === undefined && given[0]?.keyword === undefined ? given[1] : undefined;
    const loss = (byKeyword ?? positional)?.value;
    if (loss === undefined) return;
    // Other libraries have a `compile` with other ids, so something has to say that this one is Keras'.
    const importsKeras = this.#scopes.imports.some((path) => this.#table.isKeras(path));
    const optimizer = given.some((argument) => argument.keyword === 'optimizer');
    if (!importsKeras && !(byKeyword && optimizer)) return;
    if (this.values.of(syntax.first[callee]!).some((value) => value.kind === 'path')) return;
    const reached = new Set([loss]);
    for (const node of reached) {
      const named = this.#stringId(node);
      if (named) into.push(named);
      for (const part of stringsOf(syntax, node)) reached.add(part);
      const source = this.values.assignment(node)?.source;
      if (source?.kind === 'expression') reached.add(source.node);
    }
  }

  #stringId(node: Node): NamedLoss | undefined {
    if (this.syntax.name(node) !== 'String') return undefined;
    const id = /^[uU]?(['"])(\w+)\1$/.exec(this.syntax.source(node))?.[2];
    const info = id === undefined ? undefined : this.#table.stringId(id);
    if (id === undefined || !info) return undefined;
    const end = this.syntax.to[node]! - 1;
    const { name: symbol, loss, kind } = info;
    return {
      reported: { start: end - id.length, end, symbol, loss, kind, context: 'compile' },
      value: { kind: 'loss', as: kind, symbol, loss, info, fixed: [] },
      expression: node,
    };
  }
}

function inOrder(named: NamedLoss[]): readonly NamedLoss[] {
  named.sort((left, right) => left.reported.start - right.reported.start);
  // A string that several models are compiled with is named once.
  return named.filter(({ expression }, i) => expression !== named[i - 1]?.expression);
}

function onlyLosses(values: readonly Value[]): LossValue[] {
  return values.filter((value) => value.kind === 'loss');
}

/** The parts of an expression that may be its value, or items of it; of a dictionary, the values. */
function stringsOf(syntax: Syntax, node: Node): Node[] {
  const children = syntax.children(node);
  switch (syntax.name(node)) {
    case 'ParenthesizedExpression':
      return [unwrap(syntax, node)];
    case 'ArrayExpression':
    case 'TupleExpression':
      return children;
    case 'ConditionalExpression':
      return [children[0] ?? none, children[4] ?? none];
    case 'DictionaryExpression':
      return children.filter((_, i) => syntax.name(children[i - 1] ?? none) === ':');
    default:
      return [];
  }
}
