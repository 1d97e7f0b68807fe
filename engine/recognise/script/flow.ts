/** What the statements of JavaScript do to the bindings of names. */
import { type Alternatives, atEnd, Flow } from '../flow.ts';
import type { Binding } from './scopes.ts';
import { type Node, none, type Syntax } from './syntax.ts';

const noParts: readonly Node[] = [];

/** The parts of a statement or an expression that may be left out when it runs. */
export function conditionalParts(syntax: Syntax, node: Node): readonly Node[] {
  switch (syntax.name(node)) {
    case 'IfStatement':
      return syntax.children(node).filter((child, i) => i > 1 && syntax.name(child) !== 'else');
    case 'WhileStatement':
    case 'ForStatement':
      return syntax.children(node).slice(-1);
    case 'SwitchStatement':
      return syntax.children(node).filter((child) => syntax.name(child) === 'SwitchBody');
    case 'TryStatement':
      return syntax.children(node).filter((child) => /^(Block|CatchClause)$/.test(syntax.name(child)));
    case 'ConditionalExpression':
      return syntax.children(node).filter((_, i) => i === 2 || i === 4);
    case 'BinaryExpression': {
      const [, operator = none, right = none] = syntax.children(node);
      return syntax.name(operator) === 'LogicOp' ? [right] : noParts;
    }
    default:
      return noParts;
  }
}

export class ScriptFlow extends Flow<Binding, Syntax> {
  readonly #branches: readonly Node[];

  /** @param branches  of each node the innermost conditional part around it, or `none` */
  constructor(syntax: Syntax, branches: readonly Node[]) {
    super(syntax);
    this.#branches = branches;
  }

  protected override misses(branch: Node, offset: number): boolean {
    if (offset === atEnd) return false;
    const { syntax } = this;
    const statement = syntax.parent[branch]!;
    switch (syntax.name(statement)) {
      case 'IfStatement':
      case 'ConditionalExpression':
        return syntax.contains(statement, offset) || this.leaves(branch);
      case 'TryStatement':
        return !syntax.contains(statement, offset) && this.leaves(branch);
      default:
        return this.leaves(branch);
    }
  }

  protected override conditionAround(branch: Node): Node {
    return this.#branches[this.syntax.parent[branch]!]!;
  }

  protected override blocksOf(statement: Node): Alternatives {
    const { syntax } = this;
    const all = /^(Try|Conditional)/.test(syntax.name(statement)) || syntax.child(statement, 'else') !== none;
    return { blocks: conditionalParts(syntax, statement), mayBeSkipped: !all };
  }

  protected override lastOf(block: Node): Node {
    const { syntax } = this;
    const inner = syntax.name(block) === 'CatchClause' ? syntax.child(block, 'Block') : block;
    if (syntax.name(inner) !== 'Block') return inner;
    return syntax.children(inner).findLast((child) => !/^[};]$/.test(syntax.name(child))) ?? none;
  }
}
