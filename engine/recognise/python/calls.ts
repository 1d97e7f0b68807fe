/** The call that evaluates a loss: its options and its arrays, as far as the source says. */
import type { ArgumentInfo } from '../../catalogue.ts';
import type { ParameterValue } from '../../evaluation.ts';
import type { Steps } from '../../steps.ts';
import { type Candidate, nearest } from '../nearest.ts';
import type { ArrayArgument, LossCall } from '../recognised.ts';
import type { LossTable } from '../table.ts';
import { arrayLiteral, constant, literalText } from './literals.ts';
import type { NamedLoss, PythonLosses } from './losses.ts';
import { type Argument, argumentsOf, type Node, none, type Syntax, unwrap } from './syntax.ts';
import type { LossValue, Values } from './values.ts';

/** The innermost loss call around the offset; else the loss that its line names, the nearest one. */
export function callAt(losses: PythonLosses, table: LossTable, offset: number): LossCall | undefined {
  const { syntax } = losses;
  const found = nearest(
    syntax.text,
    losses.namedNear(offset).map((named) => evaluated(syntax, named)),
    offset,
  );
  return found && new Reader(losses.values, table, found).call();
}

/** A loss where it is named, with what is made and evaluated of it there. */
export interface ReadCall extends Evaluated {
  readonly call: LossCall;
  /** The expressions of `call.arguments`, by their names. */
  readonly arrays: ReadonlyMap<string, Node>;
}

/** The call of each loss that the source names and makes itself, in source order. */
export function* readCalls(losses: PythonLosses, table: LossTable): Steps<readonly ReadCall[]> {
  // What was made in another module has options there, which nothing here can point at.
  const here = losses.named.filter(({ value }) => value.fixed.every(({ within }) => !within));
  const calls: ReadCall[] = [];
  for (const named of here) {
    const found = evaluated(losses.syntax, named);
    const reader = new Reader(losses.values, table, found);
    calls.push({ ...found, call: reader.call(), arrays: reader.nodes });
    yield;
  }
  return calls;
}

export interface Evaluated extends Candidate {
  readonly named: NamedLoss;
  /** The call, or the bare name. */
  readonly node: Node;
  /** Calls that pass arguments on the way, the outermost last; `evaluates` is the one that gives the arrays. */
  readonly fixed: LossValue['fixed'];
  readonly evaluates: Node;
}

/** From the name outwards: `nn.HuberLoss` is made into an instance by one call, and evaluated by the next. */
function evaluated(syntax: Syntax, named: NamedLoss): Evaluated {
  const callOf = (callee: Node): Node => {
    let node = callee;
    while (syntax.name(syntax.parent[node]!) === 'ParenthesizedExpression') node = syntax.parent[node]!;
    const parent = syntax.parent[node]!;
    return syntax.name(parent) === 'CallExpression' && syntax.first[parent] === node ? parent : none;
  };
  const { value, expression } = named;
  const at = (node: Node, fixed: Evaluated['fixed'], evaluates: Node): Evaluated => {
    const whole = { start: syntax.from[node]!, end: syntax.to[node]! };
    return { named, name: named.reported, whole, node, fixed, evaluates };
  };
  const first = callOf(expression);
  if (first === none) return at(expression, value.fixed, none);
  if (value.as !== 'class') return at(first, value.fixed, first);
  const fixed = [...value.fixed, { call: first, skip: 0 }];
  const second = callOf(first);
  return at(second === none ? first : second, fixed, second);
}

class Reader {
  /** Of the module whose call is being read. */
  #values: Values;
  readonly #here: Values;
  readonly #table: LossTable;
  readonly #found: Evaluated;
  readonly #options = new Map<string, ParameterValue>();
  readonly #unread = new Map<string, string>();
  readonly #arrays = new Map<string, ArrayArgument>();
  readonly nodes = new Map<string, Node>();

  constructor(values: Values, table: LossTable, found: Evaluated) {
    this.#values = values;
    this.#here = values;
    this.#table = table;
    this.#found = found;
  }

  get #syntax(): Syntax {
    return this.#values.syntax;
  }

  call(): LossCall {
    const { named, node, fixed, evaluates } = this.#found;
    const { info, as } = named.value;
    const here = this.#here;
    const own = info ? undefined : this.#ownParameters();
    const callArguments = info?.callArguments ?? own?.call ?? [];
    const ofClass = info ? info.kind === 'class' : own?.made !== undefined;
    const fixedArguments = ofClass ? (info?.constructorArguments ?? own?.made ?? []) : callArguments;
    let taken = 0;
    for (const { call, skip, within = here } of fixed) {
      this.#values = within;
      taken = this.#take(argumentsOf(this.#syntax, call).slice(skip), fixedArguments, taken);
    }
    this.#values = here;
    if (evaluates !== none) {
      this.#take(argumentsOf(this.#syntax, evaluates), callArguments, as === 'function' ? taken : 0);
    }
    const order = [...callArguments, ...fixedArguments].map((argument) => argument.name);
    const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
    return {
      loss: named.reported,
      start: this.#syntax.from[node]!,
      end: this.#syntax.to[node]!,
      options: Object.fromEntries(this.#options),
      unread: [...this.#unread].map(([name, text]) => ({ name, text })),
      arguments: [...this.#arrays.values()].sort((left, right) => place(left.name) - place(right.name)),
    };
  }

  /** Matches what is given with what is taken, from position `start` on; answers the position reached. */
  #take(given: readonly Argument[], takes: readonly ArgumentInfo[], start: number): number {
    const positional = takes.filter((argument) => !argument.keywordOnly);
    let position = start;
    let unpacked = false;
    for (const { keyword, value } of given) {
      if (keyword === '*' || keyword === '**') {
        // From here on nobody knows which position is which.
        unpacked ||= keyword === '*';
        this.#unread.set(keyword, this.#syntax.source(value));
        continue;
      }
      const info = keyword ? takes.find((argument) => argument.name === keyword) : positional[position];
      if (keyword === undefined) position++;
      if (unpacked && keyword === undefined)
        this.#unread.set(`argument ${position}`, this.#syntax.source(value));
      else this.#give(keyword ?? info?.name, info?.kind, value);
    }
    return position;
  }

  #give(name: string | undefined, kind: ArgumentInfo['kind'] | undefined, value: Node): void {
    if (kind === 'ignored') return;
    if (kind === 'input' || name === undefined) {
      if (this.#values !== this.#here) {
        // An array of another module is at no place of this one.
        if (name && this.#syntax.name(value) !== 'None') this.#unread.set(name, this.#syntax.source(value));
      } else if (this.#syntax.name(value) !== 'None') {
        this.#arrays.set(name ?? `at ${value}`, this.#array(name ?? '', value));
        if (name) {
          this.nodes.set(name, value);
          this.#unread.delete(name);
        }
      } else if (name) {
        this.#arrays.delete(name);
        this.nodes.delete(name);
      }
      return;
    }
    const known = kind === 'parameter' ? constant(this.#values, value) : undefined;
    this.#options.delete(name);
    this.#unread.delete(name);
    if (known === undefined) this.#unread.set(name, this.#syntax.source(value));
    else this.#options.set(name, known);
  }

  #array(name: string, value: Node): ArrayArgument {
    const syntax = this.#syntax;
    const inner = unwrap(syntax, value);
    const dotted =
      /^[\w.\s]+$/.test(syntax.source(inner)) && /^(VariableName|MemberExpression)$/.test(syntax.name(inner));
    const literal = literalText(this.#values, value);
    const written = arrayLiteral(syntax, value) !== none;
    return {
      name,
      text: syntax.source(value),
      start: syntax.from[value]!,
      end: syntax.to[value]!,
      kind: written ? 'literal' : dotted ? 'variable' : 'other',
      ...(literal === undefined ? {} : { literal }),
    };
  }

  /** The parameters of a user's own function or class: those that the declared loss has are options, the rest arrays. */
  #ownParameters(): { call: ArgumentInfo[]; made?: ArgumentInfo[] } | undefined {
    const source = this.#found.named.value.definition?.source;
    if (source?.kind === 'function') return { call: this.#parameters(source.node, 0) };
    if (source?.kind !== 'class') return undefined;
    const method = (...names: string[]): ArgumentInfo[] => {
      for (const name of names) {
        const found = source.scope.bindings.get(name)?.at(-1)?.source;
        if (found?.kind === 'function') return this.#parameters(found.node, 1);
      }
      return [];
    };
    return { call: method('forward', 'call', '__call__'), made: method('__init__') };
  }

  #parameters(definition: Node, skip: number): ArgumentInfo[] {
    const { loss, definedIn = this.#here } = this.#found.named.value;
    const { syntax } = definedIn;
    const parameters = loss === undefined ? undefined : this.#table.losses.get(loss)?.parameters;
    const known = new Set(parameters?.map(({ name }) => name));
    const children = syntax.children(syntax.child(definition, 'ParamList'));
    const words = children.filter((child, i) => {
      const before = syntax.name(children[i - 1] ?? none);
      return syntax.name(child) === 'VariableName' && (before === '(' || before === ',');
    });
    return words.slice(skip).map((word) => {
      const name = syntax.source(word);
      return { name, kind: known.has(name) ? 'parameter' : 'input' };
    });
  }
}
