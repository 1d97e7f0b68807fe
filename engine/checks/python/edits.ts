/** The edits that fixes are made of. */
import { t } from '@vscode/l10n';
import type { ReadCall } from '../../recognise/python/calls.ts';
import { type Node, none, unwrap } from '../../recognise/python/syntax.ts';
import type { Edit, Fix } from '../finding.ts';
import { operationName, replace } from '../reading.ts';
import type { Activation, Maker } from '../tensor.ts';
import type { PythonProgram } from './program.ts';

/** Adds an argument at the end of a call. */
export function addArgument(program: PythonProgram, call: Node, text: string): Edit | undefined {
  const { syntax } = program;
  const list = syntax.child(call, 'ArgList');
  const items = syntax.children(list);
  const close = items.at(-1) ?? none;
  if (syntax.name(close) !== ')') return undefined;
  const before = items.at(-2) ?? none;
  const name = syntax.name(before);
  const at = name === '(' ? syntax.from[close]! : syntax.to[before]!;
  const separator = name === '(' ? '' : name === ',' ? ' ' : ', ';
  return { start: at, end: at, text: separator + text };
}

/** Takes an argument, or an item of a list, out of its brackets, with the comma that it leaves behind. */
export function removeItem(program: PythonProgram, first: Node, last: Node): Edit | undefined {
  const { syntax } = program;
  const items = syntax.children(syntax.parent[first]!);
  const from = items.indexOf(first);
  const to = items.indexOf(last);
  if (from < 1 || to < from) return undefined;
  const isComma = (node: Node | undefined) => node !== undefined && syntax.name(node) === ',';
  if (isComma(items[from - 1])) {
    return { start: syntax.from[items[from - 1]!]!, end: syntax.to[last]!, text: '' };
  }
  const next = isComma(items[to + 1]) ? items[to + 2] : undefined;
  return {
    start: syntax.from[first]!,
    end: next === undefined ? syntax.to[last]! : syntax.from[next]!,
    text: '',
  };
}

/** Writes a method call behind an expression, in parentheses where it binds less tightly. */
export function appendCall(program: PythonProgram, node: Node, text: string): Edit {
  const { syntax } = program;
  const plain = /^(VariableName|MemberExpression|CallExpression|ParenthesizedExpression)$/.test(
    syntax.name(node),
  );
  const source = syntax.source(node);
  return replace(program, node, plain ? source + text : `(${source})${text}`);
}

/** Another name for the last part of a dotted one, where it is written so: `nn.BCELoss` but not `from … import BCELoss`. */
function renameMember(program: PythonProgram, callee: Node, name: string): Edit | undefined {
  const property = program.syntax.property(callee);
  return property === none ? undefined : replace(program, property, name);
}

/**
 * Takes away the operation that gave a tensor its form, so that what went into it is passed.
 * @param passed  the expression at the loss
 */
export function withoutMaker(program: PythonProgram, maker: Maker, passed: Node, what: Activation): Fix[] {
  const { syntax } = program;
  if (maker.as === 'call') {
    if (maker.operand === none) return [];
    const operand = unwrap(syntax, maker.operand);
    const text = syntax.source(maker.operand);
    const fixes: Fix[] = [];
    const apart = unwrap(syntax, passed) !== maker.node;
    if (apart && syntax.name(operand) === 'VariableName' && unchangedUntil(program, operand, passed)) {
      // Accuracies and plots may still want the probabilities.
      fixes.push({
        title: t`Pass ${text}, as it was before the ${operationName(what)}`,
        edits: [replace(program, passed, text)],
      });
    }
    const plain = /^(VariableName|MemberExpression|CallExpression)$/.test(syntax.name(operand));
    const whole = plain || operand !== maker.operand || isAlone(program, maker.node) ? text : `(${text})`;
    fixes.push({ title: t`Remove the ${operationName(what)}`, edits: [replace(program, maker.node, whole)] });
    return fixes;
  }
  if (maker.as === 'layer') {
    // In a variable of its own, or the second of a pair with its name, it is no item that can go.
    const list = syntax.name(syntax.parent[maker.node]!);
    const edit = /^(ArgList|ArrayExpression)$/.test(list)
      ? removeItem(program, maker.node, maker.node)
      : undefined;
    return edit ? [{ title: t`Remove the ${operationName(what)} layer`, edits: [edit] }] : [];
  }
  const items = syntax.children(syntax.parent[maker.node]!);
  const at = items.indexOf(maker.node);
  const word = items[at - 2] ?? none;
  if (syntax.name(items[at - 1] ?? none) !== 'AssignOp') return [];
  const edit = removeItem(program, word, maker.node);
  return edit ? [{ title: t`Remove ${`activation=${syntax.source(maker.node)}`}`, edits: [edit] }] : [];
}

/** Whether a name that is read in one place surely holds the same in a later one of the same function. */
function unchangedUntil(program: PythonProgram, word: Node, later: Node): boolean {
  const { syntax, scopes } = program;
  const scope = scopes.of[word];
  if (!scope || scope !== scopes.of[later] || syntax.from[word]! > syntax.from[later]!) return false;
  if (program.block(word) !== program.block(later)) return false;
  const name = syntax.source(word);
  const changes = [
    ...(scope.bindings.get(name) ?? []).map(({ at }) => at),
    ...(scope.mutations.get(name) ?? []),
  ];
  return changes.every((at) => at <= syntax.from[word]! || at > syntax.from[later]!);
}

/** Whether an expression is all of its statement's value or of an argument, so that it needs no parentheses. */
function isAlone(program: PythonProgram, node: Node): boolean {
  return /^(AssignStatement|ReturnStatement|ArgList|ParenthesizedExpression)$/.test(
    program.syntax.name(program.syntax.parent[node]!),
  );
}

/** Another loss of the same module and with the same arguments. */
export function renamed(program: PythonProgram, { named, fixed, evaluates }: ReadCall, name: string): Fix[] {
  const made = named.value.as === 'function' ? evaluates : (fixed[0]?.call ?? none);
  const edit = made === none ? undefined : renameMember(program, program.syntax.first[made]!, name);
  return edit ? [{ title: t`Use ${name}`, edits: [edit] }] : [];
}
