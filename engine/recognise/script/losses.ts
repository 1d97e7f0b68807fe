/** Every loss that a JavaScript or TypeScript source names. */
import type { SymbolInfo } from '../../catalogue.ts';
import { finish, type Steps } from '../../steps.ts';
import type { RecognisedLoss } from '../recognised.ts';
import { nodesInStep } from '../tree.ts';
import type { ScriptDocument } from './document.ts';
import type { TfjsTable } from './modules.ts';
import { type Binding, Scopes } from './scopes.ts';
import { argumentsOf, isExpression, type Node, none, Syntax, unwrap, wrapped } from './syntax.ts';
import { type Value, Values } from './values.ts';

/** A reported loss and the node that names it. */
export interface NamedLoss {
  readonly reported: RecognisedLoss;
  readonly info: SymbolInfo;
  /** The whole dotted expression, or the string. */
  readonly expression: Node;
}

/** A statement, or a part of one, that holds statements. */
const compound =
  /^(?:(?:If|For|While|Do|Switch|Try|Labeled)Statement|(?:Function|Class|Method|Namespace|Export)Declaration|(?:Function|Class|Object)Expression|ArrowFunction|ClassBody|Block|(?:Catch|Finally)Clause|SwitchBody|Property|Script)$/;

export class ScriptLosses {
  readonly syntax: Syntax;
  readonly values: Values;
  readonly #scopes: Scopes;
  #named: readonly NamedLoss[] | undefined;
  readonly #table: TfjsTable;

  constructor(document: ScriptDocument, table: TfjsTable) {
    this.#table = table;
    this.syntax = new Syntax(document);
    this.#scopes = new Scopes(this.syntax);
    this.values = new Values(this.syntax, this.#scopes, table);
  }

  /** Reads the source: everything else asks for that. */
  *reading(): Steps {
    yield* this.syntax.openingAll();
    yield* this.#scopes.reading();
  }

  /** Makes `named`. */
  *naming(): Steps {
    if (this.#named) return;
    const named: NamedLoss[] = [];
    for (let node = 0; node < this.syntax.size; node++) {
      this.#visit(node, named);
      if (node % nodesInStep === 0) yield;
    }
    this.#named = inOrder(named);
  }

  /** Every string that `compile` takes as a loss. */
  get stringIds(): readonly string[] {
    return this.#table.stringIds;
  }

  /** In source order. Found on first use: what is at one place costs less to find than all. */
  get named(): readonly NamedLoss[] {
    finish(this.naming());
    return this.#named!;
  }

  /** Those on the line of the offset, in the simple statements on it, and whose calls are around it. */
  namedNear(offset: number): readonly NamedLoss[] {
    const { syntax } = this;
    const [start, end] = syntax.statementsAt(offset, compound);
    const all = { first: 0, end: syntax.size };
    const first = syntax.firstFrom(start, all);
    const last = syntax.firstFrom(end + 1, all);
    // Whether a string is a loss is said where a model is compiled, which may be anywhere.
    for (let node = first; node < last; node++) if (this.#stringId(node)) return this.named;
    const around: NamedLoss[] = [];
    for (let node = syntax.covering(offset, offset); node !== none; node = syntax.parent[node]!) {
      const isBefore = syntax.name(node) === 'CallExpression' && syntax.from[node]! < start;
      if (isBefore) this.#visit(unwrap(syntax, syntax.first[node]!), around);
    }
    return [...around.reverse(), ...this.#namedIn(first, last)];
  }

  #namedIn(first: Node, end: Node): readonly NamedLoss[] {
    const named: NamedLoss[] = [];
    for (let node = first; node < end; node++) this.#visit(node, named);
    return inOrder(named);
  }

  /** Also where a loss is imported, assigned or defined. */
  at(offset: number): RecognisedLoss | undefined {
    const { syntax } = this;
    const word = syntax.wordAt(offset);
    const parent = word === none ? none : syntax.parent[word]!;
    const found: NamedLoss[] = [];
    if (syntax.property(parent) === word) this.#read(parent, word, found);
    else if (syntax.name(word) === 'VariableName' || this.#isShorthand(word)) this.#read(word, word, found);
    if (found.length === 0) found.push(...this.#compiledWith(offset));
    const named = found.find(({ reported }) => reported.start <= offset && offset <= reported.end);
    if (named) return named.reported;
    const binding = this.#scopes.definitions.get(word);
    if (!binding) return undefined;
    const losses = onlyLosses(this.values.ofSource(binding.source));
    return losses[0] && this.#report(word, losses);
  }

  /** The string at the offset, wherever the `compile` is that it reaches. */
  #compiledWith(offset: number): readonly NamedLoss[] {
    const node = this.syntax.covering(offset, offset);
    return this.#stringId(node) ? this.named.filter(({ expression }) => expression === node) : [];
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
        break;
      }
      case 'Property': {
        const name = syntax.first[node]!;
        if (this.#isShorthand(name)) this.#read(name, name, into);
        break;
      }
      case 'CallExpression':
        this.#compile(node, into);
        break;
      default:
        return;
    }
  }

  /** `{ huberLoss }` reads the variable of that name. */
  #isShorthand(word: Node): boolean {
    const { syntax } = this;
    if (word === none || syntax.name(word) !== 'PropertyDefinition') return false;
    const whole = syntax.parent[word]!;
    return syntax.name(whole) === 'Property' && syntax.children(whole).length === 1;
  }

  #read(expression: Node, word: Node, into: NamedLoss[]): void {
    if (this.#scopes.notRead.has(word)) return;
    const losses = onlyLosses(this.values.of(expression));
    const [info] = losses;
    if (!info) return;
    const { syntax } = this;
    const callee = wrapped(syntax, expression);
    const parent = syntax.parent[callee]!;
    const called = syntax.name(parent) === 'CallExpression' && syntax.first[parent] === callee;
    const call = called ? { call: { start: syntax.from[parent]!, end: syntax.to[parent]! } } : {};
    into.push({ reported: { ...this.#report(word, losses), ...call }, info, expression });
  }

  #report(word: Node, losses: readonly SymbolInfo[]): RecognisedLoss {
    const [{ name: symbol, loss, kind }] = losses as readonly [SymbolInfo];
    const others = new Set(losses.map((info) => info.name));
    others.delete(symbol);
    // The quotes of `losses['huberLoss']` are not its name.
    const quotes = this.syntax.name(word) === 'String' ? 1 : 0;
    return {
      start: this.syntax.from[word]! + quotes,
      end: this.syntax.to[word]! - quotes,
      symbol,
      loss,
      kind,
      ...(others.size > 0 ? { alternatives: [...others] } : {}),
    };
  }

  /** `model.compile({ optimizer, loss, … })`, the loss a string, or strings in lists and objects. */
  #compile(call: Node, into: NamedLoss[]): void {
    const { syntax } = this;
    const method = syntax.property(unwrap(syntax, syntax.first[call]!));
    if (method === none || syntax.word(method) !== 'compile') return;
    const given = argumentsOf(syntax, call)[0];
    if (!given || given.spread) return;
    const imported = [...this.#scopes.modules].some((name) => this.#table.isModule(name));
    const reached = new Set<Node>();
    for (const settings of this.#objects(given.value)) {
      const loss = property(syntax, settings, 'loss');
      // Other libraries have a `compile` too, so something has to say that this one is TensorFlow.js'.
      const ours = imported || property(syntax, settings, 'optimizer') !== none;
      if (loss !== none && ours) reached.add(loss);
    }
    for (const node of reached) {
      const named = this.#stringId(node);
      if (named) into.push(named);
      for (const part of [...stringsOf(syntax, node), ...this.#heldBy(node)]) reached.add(part);
    }
  }

  /** The objects that an expression writes out, or that the variable may hold. */
  #objects(expression: Node): Node[] {
    const { syntax } = this;
    return this.values.of(unwrap(syntax, expression)).flatMap((value) => {
      const written = value.kind === 'literal' && syntax.name(value.node) === 'ObjectExpression';
      return written ? [value.node] : [];
    });
  }

  /** What a variable surely holds, and what a field of `this` or a state of React is given anywhere. */
  #heldBy(node: Node): Node[] {
    const { syntax } = this;
    if (syntax.name(node) === 'MemberExpression') {
      const name =
        syntax.name(syntax.first[node]!) === 'this' ? syntax.word(syntax.property(node)) : undefined;
      const fields = name === undefined ? undefined : this.#scopes.receiver[node]?.fields.get(name);
      return (fields ?? []).flatMap(({ source }) => (source.kind === 'expression' ? [source.node] : []));
    }
    const binding = this.values.assignment(node);
    if (binding?.source.kind === 'expression') return [binding.source.node];
    return binding ? this.#stateOf(binding) : [];
  }

  /** Of `const [loss, setLoss] = useState('hinge')` what it starts with, and what `setLoss` is called with. */
  #stateOf({ word, source }: Binding): Node[] {
    const { syntax } = this;
    const whole = source.kind === 'part' && source.key === 0 ? source.of : undefined;
    const made = whole?.kind === 'expression' ? whole.node : none;
    const makes = syntax.name(made) === 'CallExpression' ? unwrap(syntax, syntax.first[made]!) : none;
    if (makes === none || !/^(React\.)?useState$/.test(syntax.source(makes))) return [];
    const [, setter] = syntax
      .children(syntax.parent[word]!)
      .filter((child) => syntax.name(child) === 'VariableDefinition');
    const calls = [made];
    for (let node = 0; setter !== undefined && node < syntax.size; node++) {
      const callee = syntax.name(node) === 'CallExpression' ? syntax.first[node]! : none;
      if (syntax.name(callee) !== 'VariableName' || syntax.source(callee) !== syntax.source(setter)) continue;
      const declared = this.#scopes.declaring(syntax.source(callee), this.#scopes.of[callee]!);
      if (declared === this.#scopes.declaring(syntax.source(setter), this.#scopes.of[setter]!))
        calls.push(node);
    }
    return calls.flatMap((call) => argumentsOf(syntax, call)[0]?.value ?? []);
  }

  #stringId(node: Node): NamedLoss | undefined {
    if (!/^(Template)?String$/.test(this.syntax.name(node))) return undefined;
    const id = /^(['"`])(\w+)\1$/.exec(this.syntax.source(node))?.[2];
    const info = id === undefined ? undefined : this.#table.stringId(id);
    if (id === undefined || !info) return undefined;
    const end = this.syntax.to[node]! - 1;
    const { name: symbol, loss, kind } = info;
    return {
      reported: { start: end - id.length, end, symbol, loss, kind, context: 'compile' },
      info,
      expression: node,
    };
  }
}

function inOrder(named: NamedLoss[]): readonly NamedLoss[] {
  named.sort((left, right) => left.reported.start - right.reported.start);
  // A string that several models are compiled with is named once.
  return named.filter(({ expression }, i) => expression !== named[i - 1]?.expression);
}

function onlyLosses(values: readonly Value[]): SymbolInfo[] {
  return values.flatMap((value) => (value.kind === 'loss' ? [value.info] : []));
}

/** The value of a property of an object that is written out; `none` where it has none. */
function property(syntax: Syntax, object: Node, name: string): Node {
  for (const child of syntax.children(object).reverse()) {
    const [key = none, colon = none, value = none] = syntax.children(child);
    if (syntax.name(child) !== 'Property' || syntax.word(key) !== name) continue;
    return syntax.name(colon) === ':' ? value : key;
  }
  return none;
}

/** The parts of an expression that may be its value, or items of it; of an object, the values. */
function stringsOf(syntax: Syntax, node: Node): Node[] {
  const inner = unwrap(syntax, node);
  if (inner !== node) return [inner];
  const children = syntax.children(node);
  switch (syntax.name(node)) {
    case 'ArrayExpression':
      return children.filter((child) => isExpression(syntax, child));
    case 'ConditionalExpression':
      return [children[2] ?? none, children[4] ?? none];
    case 'ObjectExpression':
      return children.flatMap((child) => {
        const [, colon = none, value = none] = syntax.children(child);
        return syntax.name(child) === 'Property' && syntax.name(colon) === ':' ? [value] : [];
      });
    default:
      return [];
  }
}
