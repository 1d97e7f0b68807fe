/** The edits that fixes are made of. */
import { t } from '@vscode/l10n';
import { argumentsOf, type Node, none } from '../../recognise/script/syntax.ts';
import type { Edit, Fix } from '../finding.ts';
import type { NamedCall } from '../program.ts';
import { operationName, replace } from '../reading.ts';
import type { Activation, Maker } from '../tensor.ts';
import type { ScriptProgram } from './program.ts';

const plain = /^(VariableName|MemberExpression|CallExpression|ParenthesizedExpression|this)$/;

export function appendCall(program: ScriptProgram, node: Node, text: string): Edit {
  const { syntax } = program;
  const source = syntax.source(node);
  return replace(program, node, plain.test(syntax.name(node)) ? source + text : `(${source})${text}`);
}

/** Takes an item out of its brackets, with the comma that it leaves behind. */
function removeItem(program: ScriptProgram, item: Node): Edit | undefined {
  const { syntax } = program;
  const items = syntax.children(syntax.parent[item]!);
  const at = items.indexOf(item);
  const isComma = (node: Node | undefined) => node !== undefined && syntax.name(node) === ',';
  if (at < 1) return undefined;
  if (isComma(items[at - 1])) {
    return { start: syntax.from[items[at - 1]!]!, end: syntax.to[item]!, text: '' };
  }
  const next = isComma(items[at + 1]) ? items[at + 2] : undefined;
  const end = next === undefined ? syntax.to[item]! : syntax.from[next]!;
  return { start: syntax.from[item]!, end, text: '' };
}

/** Adds a property at the end of the object that a call is given first. */
export function addProperty(program: ScriptProgram, call: Node, text: string): Edit | undefined {
  const { syntax } = program;
  const object = argumentsOf(syntax, call)[0]?.value ?? none;
  if (syntax.name(object) !== 'ObjectExpression') return undefined;
  const items = syntax.children(object);
  const last = items.at(-2) ?? none;
  if (syntax.name(items.at(-1) ?? none) !== '}') return undefined;
  const name = syntax.name(last);
  const at = syntax.to[last]!;
  return { start: at, end: at, text: name === '{' ? ` ${text} ` : name === ',' ? ` ${text}` : `, ${text}` };
}

/** How a call of a loss writes the module: `tf` in `tf.losses.huberLoss(…)`. */
export function moduleOf(program: ScriptProgram, { evaluates }: NamedCall): string | undefined {
  const { syntax } = program;
  const callee = evaluates === none ? '' : syntax.source(syntax.first[evaluates]!);
  return /^([\w$]+)\.losses\.\w+$/.exec(callee)?.[1];
}

/** Another name for the last part of a dotted one: `tf.losses.logLoss` but not an import of `logLoss`. */
export function renamed(program: ScriptProgram, { evaluates }: NamedCall, name: string): Fix[] {
  const { syntax } = program;
  const property = evaluates === none ? none : syntax.property(program.unwrap(syntax.first[evaluates]!));
  if (syntax.name(property) !== 'PropertyName') return [];
  return [{ title: t`Use ${name}`, edits: [replace(program, property, name)] }];
}

export function withoutMaker(program: ScriptProgram, maker: Maker, passed: Node, what: Activation): Fix[] {
  const { syntax } = program;
  if (maker.as === 'call') {
    if (maker.operand === none) return [];
    const text = syntax.source(maker.operand);
    const operand = program.unwrap(maker.operand);
    const fixes: Fix[] = [];
    const apart = program.unwrap(passed) !== maker.node;
    if (apart && syntax.name(operand) === 'VariableName' && unchangedUntil(program, operand, passed)) {
      // Accuracies and plots may still want the probabilities.
      fixes.push({
        title: t`Pass ${text}, as it was before the ${operationName(what)}`,
        edits: [replace(program, passed, text)],
      });
    }
    fixes.push({ title: t`Remove the ${operationName(what)}`, edits: [replace(program, maker.node, text)] });
    return fixes;
  }
  const edit = maker.as === 'layer' ? withoutLayer(program, maker.node) : withoutOption(program, maker.node);
  const title =
    maker.as === 'layer'
      ? t`Remove the ${operationName(what)} layer`
      : t`Remove ${`activation: ${syntax.source(maker.node)}`}`;
  return edit ? [{ title, edits: [edit] }] : [];
}

function withoutOption(program: ScriptProgram, value: Node): Edit | undefined {
  const { syntax } = program;
  const property = syntax.parent[value]!;
  return syntax.name(property) === 'Property' && syntax.children(property).length === 3
    ? removeItem(program, property)
    : undefined;
}

/** An item of `layers: […]`, or the statement `model.add(…)`. */
function withoutLayer(program: ScriptProgram, layer: Node): Edit | undefined {
  const { syntax } = program;
  const list = syntax.parent[layer]!;
  if (syntax.name(list) === 'ArrayExpression') return removeItem(program, layer);
  const statement = syntax.parent[syntax.parent[list]!]!;
  if (syntax.name(list) !== 'ArgList' || syntax.name(statement) !== 'ExpressionStatement') return undefined;
  const { text } = syntax;
  const [from, to] = [syntax.from[statement]!, syntax.to[statement]!];
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const newline = text.indexOf('\n', to);
  const end = newline < 0 ? text.length : newline + 1;
  const alone = text.slice(start, from).trim() === '' && text.slice(to, end).trim() === '';
  return alone ? { start, end, text: '' } : { start: from, end: to, text: '' };
}

/** Whether a name that is read in one place surely holds the same in a later one of the same function. */
function unchangedUntil(program: ScriptProgram, word: Node, later: Node): boolean {
  const { syntax, scopes } = program;
  if (syntax.from[word]! > syntax.from[later]!) return false;
  if (program.functionAround(word) !== program.functionAround(later)) return false;
  if (program.block(word) !== program.block(later)) return false;
  const name = syntax.source(word);
  const scope = scopes.declaring(name, scopes.of[word]!);
  if (scope !== scopes.declaring(name, scopes.of[later]!)) return false;
  const changes = [
    ...(scope?.bindings.get(name) ?? []).map(({ at }) => at),
    ...(scope?.mutations.get(name) ?? []),
  ];
  return changes.every((at) => at <= syntax.from[word]! || at > syntax.from[later]!);
}
