/** What the names of a script, and the fields of `this`, surely hold. */
import type { Binding, Scopes, Source } from '../../recognise/script/scopes.ts';
import { type Node, none, type Syntax, unwrap } from '../../recognise/script/syntax.ts';
import type { Values } from '../../recognise/script/values.ts';

export class Held {
  readonly #syntax: Syntax;
  readonly #scopes: Scopes;
  readonly #values: Values;

  constructor(values: Values) {
    this.#syntax = values.syntax;
    this.#scopes = values.scopes;
    this.#values = values;
  }

  /** The one expression that a name, or a field of `this`, surely holds where it is read. */
  by(expression: Node): Node | undefined {
    const syntax = this.#syntax;
    const node = unwrap(syntax, expression);
    if (/^(VariableName|PropertyDefinition)$/.test(syntax.name(node))) {
      const source = this.#values.assignment(node)?.source ?? this.#onlyAssignment(node);
      return expressionOf(source);
    }
    const field = this.#fieldsOf(node)?.filter(({ source }) => !this.#isNothing(source));
    return field?.length === 1 ? expressionOf(field[0]!.source) : undefined;
  }

  /** Whether two expressions are the same variable, or the same field of one class. */
  same(one: Node, other: Node): boolean {
    const syntax = this.#syntax;
    const scopes = this.#scopes;
    const [a, b] = [unwrap(syntax, one), unwrap(syntax, other)];
    if (syntax.source(a) !== syntax.source(b) || syntax.name(a) !== syntax.name(b)) return false;
    if (syntax.name(a) === 'VariableName') {
      const name = syntax.source(a);
      return scopes.declaring(name, scopes.of[a]!) === scopes.declaring(name, scopes.of[b]!);
    }
    return this.#isOwnField(a) && scopes.receiver[a] === scopes.receiver[b];
  }

  /** `this.build` in a class that defines it. */
  method(node: Node): Node | undefined {
    const syntax = this.#syntax;
    const name = this.#isOwnField(node) ? syntax.word(syntax.property(node)) : undefined;
    const owner = name === undefined ? undefined : this.#scopes.receiver[node];
    const body = owner ? syntax.child(owner.node, 'ClassBody') : none;
    return syntax
      .children(body)
      .find(
        (child) =>
          syntax.name(child) === 'MethodDeclaration' &&
          syntax.word(syntax.child(child, 'PropertyDefinition')) === name,
      );
  }

  /** Of `let model;` that one place alone assigns: read before, it would hold nothing. */
  #onlyAssignment(word: Node): Source | undefined {
    const name = this.#syntax.source(word);
    const scope = this.#scopes.declaring(name, this.#scopes.of[word]!);
    const bindings = scope?.bindings.get(name) ?? [];
    if (bindings.length < 2 || scope!.mutations.has(name)) return undefined;
    const real = bindings.filter(
      ({ word: bound, source }) => !this.#isBare(bound) && !this.#isNothing(source),
    );
    return real.length === 1 ? real[0]!.source : undefined;
  }

  /** `let model`, without a value. */
  #isBare(word: Node): boolean {
    const syntax = this.#syntax;
    const children = syntax.children(syntax.parent[word]!);
    if (syntax.name(syntax.parent[word]!) !== 'VariableDeclaration') return false;
    const rest = children.slice(children.indexOf(word) + 1);
    const end = rest.findIndex((child) => syntax.name(child) === ',');
    return !rest.slice(0, end < 0 ? undefined : end).some((child) => syntax.name(child) === 'Equals');
  }

  #isNothing(source: Source): boolean {
    return source.kind === 'expression' && /^(null|undefined)$/.test(this.#syntax.source(source.node));
  }

  #isOwnField(node: Node): boolean {
    const syntax = this.#syntax;
    return syntax.name(node) === 'MemberExpression' && syntax.name(syntax.first[node]!) === 'this';
  }

  #fieldsOf(node: Node): readonly Binding[] | undefined {
    if (!this.#isOwnField(node)) return undefined;
    const name = this.#syntax.word(this.#syntax.property(node));
    return name === undefined ? undefined : this.#scopes.receiver[node]?.fields.get(name);
  }
}

function expressionOf(source: Source | undefined): Node | undefined {
  if (source?.kind === 'awaited') return expressionOf(source.of);
  return source?.kind === 'expression' ? source.node : undefined;
}
