/** Which bindings of a name can have been the last when a place in the source is reached. */
import type { Binding } from './scopes.ts';
import { type Node, none, type Syntax } from './syntax.ts';

export interface Reaching {
  /** The latest first. */
  readonly bindings: readonly Binding[];
  /** Whether one of them has surely happened. */
  readonly certain: boolean;
}

/** The place where a scope has run to its end: what a function called later sees of the scopes around it. */
export const atEnd = Number.POSITIVE_INFINITY;

/** A name that is bound on very many conditions is followed back this far. */
const longestWalk = 64;

export function reaching(syntax: Syntax, list: readonly Binding[], offset: number): Reaching {
  const bindings: Binding[] = [];
  const covered = new Set<Node>();
  let index = list.length;
  if (offset !== atEnd) {
    let low = 0;
    while (low < index) {
      const middle = (low + index) >> 1;
      if (list[middle]!.at <= offset) low = middle + 1;
      else index = middle;
    }
  }
  for (let walked = 0; index > 0 && walked < longestWalk; walked++) {
    const binding = list[--index]!;
    const reached = reach(syntax, binding.branch, offset, covered);
    if (reached === 'never') continue;
    bindings.push(binding);
    if (reached === 'always') return { bindings, certain: true };
  }
  return { bindings, certain: false };
}

function reach(
  syntax: Syntax,
  start: Node,
  offset: number,
  covered: Set<Node>,
): 'always' | 'maybe' | 'never' {
  const around = (branch: Node) => branch === none || syntax.contains(branch, offset);
  for (let branch = start; !around(branch); branch = conditionAround(syntax, branch)) {
    // A later binding in the same block hides this one.
    if (covered.has(branch) || missed(syntax, branch, offset)) return 'never';
  }
  for (let branch = start; !around(branch); branch = conditionAround(syntax, branch)) {
    covered.add(branch);
    if (!exhausted(syntax, syntax.parent[branch]!, covered)) return 'maybe';
  }
  return 'always';
}

/** Whether whoever went through this block does not come to the offset: the alternatives exclude each other, or it returns. */
function missed(syntax: Syntax, branch: Node, offset: number): boolean {
  if (offset === atEnd) return false;
  const statement = syntax.parent[branch]!;
  switch (syntax.name(statement)) {
    case 'IfStatement':
      return syntax.contains(statement, offset) || leaves(syntax, branch);
    case 'MatchClause':
      return syntax.contains(syntax.parent[statement]!, offset) || leaves(syntax, branch);
    case 'TryStatement':
      return !syntax.contains(statement, offset) && leaves(syntax, branch);
    case 'FunctionDefinition':
      // A function that declares the name global.
      return false;
    default:
      return leaves(syntax, branch);
  }
}

function conditionAround(syntax: Syntax, branch: Node): Node {
  let node = syntax.parent[syntax.parent[branch]!]!;
  for (; node !== none; node = syntax.parent[node]!) {
    const name = syntax.name(node);
    if (/^(FunctionDefinition|ClassDefinition|Script)$/.test(name)) return none;
    if (name === 'Body' && isConditional(syntax, node)) return node;
  }
  return none;
}

/** Whether a `Body` may be left out when the statement runs. */
export function isConditional(syntax: Syntax, body: Node): boolean {
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

/** Whether one of the covered blocks surely ran when the statement has. */
function exhausted(syntax: Syntax, statement: Node, covered: ReadonlySet<Node>): boolean {
  const kind = syntax.name(statement);
  if (kind === 'IfStatement') {
    if (syntax.child(statement, 'else') === none) return false;
  } else if (kind !== 'TryStatement') return false;
  let alternative = true;
  for (const child of syntax.children(statement)) {
    const name = syntax.name(child);
    if (name === 'finally') break;
    // What follows a `try` that succeeds runs in addition to it.
    if (name === 'else' && kind === 'TryStatement') alternative = false;
    if (name === 'except') alternative = true;
    if (name === 'Body' && alternative && !covered.has(child) && !leaves(syntax, child)) return false;
  }
  return true;
}

/** Whether a block ends by leaving its function. */
function leaves(syntax: Syntax, body: Node): boolean {
  const last = syntax.children(body).at(-1) ?? none;
  return /^(ReturnStatement|RaiseStatement)$/.test(syntax.name(last));
}
