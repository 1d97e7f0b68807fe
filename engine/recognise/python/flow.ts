/** What Python's statements do to the bindings of names. */
import { type Alternatives, atEnd, Flow } from '../flow.ts';
import type { Binding } from './bindings.ts';
import { type Node, none, type Syntax } from './syntax.ts';

export class PythonFlow extends Flow<Binding, Syntax> {
  protected override misses(branch: Node, offset: number): boolean {
    if (offset === atEnd) return false;
    const syntax = this.syntax;
    const statement = syntax.parent[branch]!;
    switch (syntax.name(statement)) {
      case 'IfStatement':
        return syntax.contains(statement, offset) || this.leaves(branch);
      case 'MatchClause':
        return syntax.contains(syntax.parent[statement]!, offset) || this.leaves(branch);
      case 'TryStatement':
        return !syntax.contains(statement, offset) && this.leaves(branch);
      case 'FunctionDefinition':
        // A function that declares the name global.
        return false;
      default:
        return this.leaves(branch);
    }
  }

  protected override conditionAround(branch: Node): Node {
    const syntax = this.syntax;
    for (let node = syntax.parent[syntax.parent[branch]!]!; node !== none; node = syntax.parent[node]!) {
      const name = syntax.name(node);
      if (name === 'FunctionDefinition' || name === 'ClassDefinition') return none;
      if (name === 'Body' && isConditional(syntax, node)) return node;
    }
    return none;
  }

  protected override blocksOf(statement: Node): Alternatives {
    const syntax = this.syntax;
    const kind = syntax.name(statement);
    const blocks: Node[] = [];
    let mayBeSkipped = kind !== 'TryStatement';
    let counts = true;
    for (const child of syntax.children(statement)) {
      const name = syntax.name(child);
      if (name === 'finally') break;
      if (name === 'else' && kind === 'IfStatement') mayBeSkipped = false;
      // What follows a `try` that succeeds runs in addition to it.
      if (name === 'else' && kind === 'TryStatement') counts = false;
      if (name === 'Body' && counts) blocks.push(child);
    }
    return { blocks, mayBeSkipped };
  }

  protected override lastOf(body: Node): Node {
    return this.syntax.children(body).at(-1) ?? none;
  }
}

/** Whether a `Body` may be left out when its statement runs. */
function isConditional(syntax: Syntax, body: Node): boolean {
  const statement = syntax.parent[body]!;
  switch (syntax.name(statement)) {
    case 'IfStatement':
    case 'WhileStatement':
    case 'ForStatement':
    case 'MatchClause':
      return true;
    case 'TryStatement': {
      const final = syntax.child(statement, 'finally');
      return final === none || body < final;
    }
    default:
      return false;
  }
}
