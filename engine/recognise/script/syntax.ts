/** The syntax tree of JavaScript and TypeScript. */
import { parser } from '@lezer/javascript';
import type { Steps } from '../../steps.ts';
import type { SourceDocument } from '../document.ts';
import { type Node, type NodeRange, none, SyntaxTree } from '../tree.ts';

export { type Node, none } from '../tree.ts';

const grammar = {
  names: parser.nodeSet.types.map((type) => type.name),
  words: new Set([
    ...['VariableName', 'VariableDefinition', 'PropertyName', 'PropertyDefinition'],
    ...['PrivatePropertyName', 'PrivatePropertyDefinition', 'String'],
  ]),
  comments: new Set(['LineComment', 'BlockComment']),
};

export class Syntax extends SyntaxTree {
  constructor(document: SourceDocument) {
    super(document, grammar);
  }

  /** All of the source, which is one part. */
  openAll(): void {
    this.open(0);
  }

  /** `openAll` in steps. */
  openingAll(): Steps<NodeRange> {
    return this.opening(0);
  }

  /** The name in `base.name`, `base.#name` and `base['name']`: the node that holds it; `none` where it is not typed yet. */
  property(member: Node): Node {
    if (this.name(member) !== 'MemberExpression') return none;
    const last = this.children(member).slice(1);
    const word = last.find((child) => /^(Private)?PropertyName$|^String$/.test(this.name(child)));
    return word ?? none;
  }

  /** What a name is: of a string, without its quotes; `undefined` for a string that is not plain. */
  word(node: Node): string | undefined {
    const source = node === none ? '' : this.source(node);
    if (this.name(node) !== 'String') return source === '' ? undefined : source;
    return /^(['"])([^'"\\\n]*)\1$/.exec(source)?.[2];
  }
}

/** What stands between the parentheses; a spread one, and what comes behind it, has no certain position. */
export interface Argument {
  readonly value: Node;
  readonly spread: boolean;
}

/** The arguments of a `CallExpression` or a `NewExpression`. */
export function argumentsOf(syntax: Syntax, call: Node): Argument[] {
  const found: Argument[] = [];
  let spread = false;
  for (const child of syntax.children(syntax.child(call, 'ArgList'))) {
    if (syntax.name(child) === 'Spread') spread = true;
    else if (isExpression(syntax, child)) {
      found.push({ value: child, spread });
      spread = false;
    }
  }
  return found;
}

const notExpressions = new Set(['Spread', 'Equals', 'ArgList', 'TypeArgList', 'TypeAnnotation', 'Arrow']);

/** Tokens are named by what they look like, operators by what they do; expressions by a capitalised word. */
export function isExpression(syntax: Syntax, node: Node): boolean {
  const name = syntax.name(node);
  return (
    (/^[A-Z]/.test(name) && !/Op$/.test(name) && !notExpressions.has(name)) || /^(this|null)$/.test(name)
  );
}

/** What parentheses hold, and what is cast: `(x)`, `x!`, `x as T`, `x satisfies T`, `<T>x`, `x<T>`. */
export function unwrap(syntax: Syntax, node: Node): Node {
  let inner = node;
  for (let next = held(syntax, inner); next !== none; next = held(syntax, inner)) inner = next;
  return inner;
}

/** From an expression outwards through what `unwrap` goes through inwards. */
export function wrapped(syntax: Syntax, node: Node): Node {
  let outer = node;
  for (let parent = syntax.parent[outer]!; parent !== none; parent = syntax.parent[outer]!) {
    if (held(syntax, parent) !== outer) break;
    outer = parent;
  }
  return outer;
}

function held(syntax: Syntax, node: Node): Node {
  const children = () => syntax.children(node);
  switch (syntax.name(node)) {
    case 'ParenthesizedExpression':
      return children().find((child) => isExpression(syntax, child)) ?? none;
    case 'InstantiationExpression':
      return syntax.first[node]!;
    case 'PostfixExpression':
      return syntax.source(children()[1] ?? none) === '!' ? syntax.first[node]! : none;
    case 'BinaryExpression':
      return /^(as|satisfies)$/.test(syntax.name(children()[1] ?? none)) ? syntax.first[node]! : none;
    case 'SequenceExpression':
    case 'PrefixCast':
      return children().at(-1) ?? none;
    default:
      return none;
  }
}
