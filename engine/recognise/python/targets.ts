/** What is bound or changed by a value: assignments, unpacking, `:=`, `for`, `as`, and methods that work in place. */
import { type Place, receiverClass, type Scope, type Source, unknown } from './bindings.ts';
import type { Places } from './places.ts';
import { isExpression, type Node, none, type Syntax, unwrap } from './syntax.ts';

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

export class Targets {
  readonly #syntax: Syntax;
  readonly #places: Places;

  constructor(syntax: Syntax, places: Places) {
    this.#syntax = syntax;
    this.#places = places;
  }

  assignment(node: Node): void {
    const syntax = this.#syntax;
    const parts: Node[][] = [[]];
    for (const child of syntax.children(node)) {
      const name = syntax.name(child);
      if (name === 'AssignOp') parts.push([]);
      else if (name !== 'TypeDef') parts.at(-1)!.push(child);
    }
    if (parts.length === 1) {
      // `name: Type` alone binds nothing, and reads nothing.
      for (const word of parts[0]!) this.#places.notRead.add(word);
      return;
    }
    const to = syntax.to[node]!;
    const place = this.#places.at(
      node,
      to,
      this.#places.declared(syntax.from[node]!, Math.max(syntax.from[node]!, to - 1)),
    );
    // A call takes no value: its parenthesis is not closed yet, and the next line's assignment ran into it.
    const open = parts.findIndex((part, i) => i > 0 && syntax.name(part[0] ?? none) === 'CallExpression');
    if (open > 0) parts.length = open + 1;
    const values = parts.pop()!;
    const value = values.length === 1 ? values[0]! : none;
    for (const targets of parts) {
      if (targets.length === 1) this.bind(targets[0]!, value, place);
      else this.#bindAll(targets, value === none ? values : this.#elements(value), place);
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
  #bindAll(targets: readonly Node[], values: readonly Node[], place: Place): void {
    const syntax = this.#syntax;
    const left = targets.filter((target) => isExpression(syntax, target));
    const right = values.filter((value) => isExpression(syntax, value));
    const starred = [...targets, ...values].some((part) => syntax.name(part) === '*');
    const paired = !starred && left.length === right.length;
    left.forEach((target, i) => {
      this.bind(target, paired ? right[i]! : none, place);
    });
  }

  /** A name, an attribute, or several of them; `value` is `none` where it is not known. */
  bind(target: Node, value: Node, place: Place): void {
    const syntax = this.#syntax;
    const source: Source = value === none ? unknown : { kind: 'expression', node: value };
    switch (syntax.name(target)) {
      case 'VariableName':
        this.#places.bind(target, source, place);
        break;
      case 'MemberExpression':
        this.#bindMember(target, source, place);
        break;
      case 'TupleExpression':
      case 'ArrayExpression':
      case 'ParenthesizedExpression': {
        const values = value === none ? [] : this.#elements(value);
        this.#bindAll(syntax.children(target), values, place);
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
    this.#places.notRead.add(word);
    if (!name) return;
    const binding = this.#places.define(word, source, place);
    place.scope.bindings.add(`${name}.${syntax.source(word)}`, binding);
    const owner = receiverClass(place.scope, name);
    owner?.attributes.add(syntax.source(word), binding);
  }

  /** `x.append(…)` and PyTorch's `x.clamp_(…)` change what `x` holds. */
  inPlace(node: Node, scope: Scope): void {
    const syntax = this.#syntax;
    const member = syntax.first[syntax.child(node, 'CallExpression')] ?? none;
    const property = member === none ? none : syntax.property(member);
    const base = member === none ? none : syntax.first[member]!;
    if (property === none || syntax.name(base) !== 'VariableName') return;
    const method = syntax.source(property);
    if (!inPlaceMethods.has(method) && !/[a-z0-9]_$/.test(method)) return;
    if (method !== 'requires_grad_') scope.mutations.add(syntax.source(base), syntax.to[node]!);
  }

  named(node: Node): void {
    const [word = none, , value = none] = this.#syntax.children(node);
    if (this.#syntax.name(word) === 'VariableName') this.bindNamed(word, value, node);
  }

  /** `word := value` in a comprehension binds in the scope around it. */
  bindNamed(word: Node, value: Node, node: Node): void {
    const place = this.#places.at(node, this.#syntax.to[node]!);
    let scope = place.scope;
    while (scope.kind === 'comprehension' && scope.parent) scope = scope.parent;
    this.#places.bind(word, { kind: 'expression', node: value }, { ...place, scope });
  }

  for(node: Node): void {
    const syntax = this.#syntax;
    const children = syntax.children(node);
    for (const child of children) this.#places.conditional(child);
    const body = syntax.child(node, 'Body');
    const start = children.findIndex((child) => syntax.name(child) === 'for') + 1;
    const end = children.findIndex((child) => syntax.name(child) === 'in');
    if (start === 0 || end < start) return;
    // Bound once an element, so only the body is sure of it.
    const place =
      body === none
        ? this.#places.at(node, syntax.to[node]!)
        : { scope: this.#places.of[node]!, branch: body, at: syntax.from[body]! };
    for (const target of children.slice(start, end)) this.bind(target, none, place);
  }

  afterAs(node: Node): void {
    const syntax = this.#syntax;
    const children = syntax.children(node);
    for (let i = 1; i < children.length; i++) {
      const child = children[i]!;
      if (syntax.name(children[i - 1]!) === 'as') {
        this.bind(child, none, this.#places.at(node, syntax.to[child]!));
      }
    }
  }
}
