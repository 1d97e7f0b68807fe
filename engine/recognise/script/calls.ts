/** The call that evaluates a loss: its options and its arrays, as far as the source says. */
import type { ArgumentInfo } from '../../catalogue.ts';
import type { ParameterValue } from '../../evaluation.ts';
import { type Candidate, nearest } from '../nearest.ts';
import type { ArrayArgument, LossCall } from '../recognised.ts';
import { arrayLiteral, constant, literalText } from './literals.ts';
import type { NamedLoss, ScriptLosses } from './losses.ts';
import { reductions } from './modules.ts';
import { argumentsOf, type Node, none, type Syntax, unwrap, wrapped } from './syntax.ts';
import type { Values } from './values.ts';

interface Evaluated extends Candidate {
  readonly named: NamedLoss;
  readonly call: Node;
}

/** A loss where it is named, with what is evaluated of it there. */
export interface ReadCall {
  readonly named: NamedLoss;
  readonly call: LossCall;
  /** The call, or the name or string. */
  readonly node: Node;
  /** The call, or `none`. */
  readonly evaluates: Node;
  /** The expressions of `call.arguments`, by their names. */
  readonly arrays: ReadonlyMap<string, Node>;
}

/** What is evaluated of a loss where it is named. */
export function readCall({ syntax, values }: ScriptLosses, named: NamedLoss): ReadCall {
  const found = evaluated(syntax, named);
  const arrays = new Map<string, Node>();
  const call = read(values, found, arrays);
  return {
    named,
    call,
    node: found.call === none ? named.expression : found.call,
    evaluates: found.call,
    arrays,
  };
}

/** The innermost loss call around the offset; else the loss that its line names, the nearest one. */
export function callAt(losses: ScriptLosses, offset: number): LossCall | undefined {
  const { syntax, values } = losses;
  const found = nearest(
    syntax.text,
    losses.namedNear(offset).map((one) => evaluated(syntax, one)),
    offset,
  );
  return found && read(values, found);
}

function evaluated(syntax: Syntax, named: NamedLoss): Evaluated {
  const callee = wrapped(syntax, named.expression);
  const parent = syntax.parent[callee]!;
  const called = named.reported.context === undefined && named.reported.call !== undefined;
  const node = called ? parent : named.expression;
  return {
    named,
    name: named.reported,
    whole: { start: syntax.from[node]!, end: syntax.to[node]! },
    call: called ? parent : none,
  };
}

function read(values: Values, { named, whole, call }: Evaluated, nodes = new Map<string, Node>()): LossCall {
  const { syntax } = values;
  const options: Record<string, ParameterValue> = {};
  const unread: { name: string; text: string }[] = [];
  const arrays: ArrayArgument[] = [];
  const given = call === none ? [] : argumentsOf(syntax, call);
  const takes = named.info.callArguments;
  for (const [i, { value, spread }] of given.entries()) {
    if (spread) {
      // From here on nobody knows which position is which.
      for (const rest of given.slice(i)) {
        const name = rest.spread ? '...' : `argument ${given.indexOf(rest) + 1}`;
        unread.push({ name, text: syntax.source(rest.value) });
      }
      break;
    }
    const info = takes[i];
    // As if it were not given: the default holds.
    if (!info || syntax.source(value) === 'undefined') continue;
    if (info.kind === 'input') {
      if (syntax.name(value) === 'null') continue;
      arrays.push(arrayArgument(values, info.name, value));
      nodes.set(info.name, value);
    } else if (info.kind === 'parameter') {
      const known = parameter(values, info, value);
      if (known === undefined) unread.push({ name: info.name, text: syntax.source(value) });
      else options[info.name] = known;
    }
  }
  return { loss: named.reported, ...whole, options, unread, arguments: arrays };
}

function parameter(values: Values, { name }: ArgumentInfo, value: Node): ParameterValue | undefined {
  const known = constant(values, value);
  return name === 'reduction' && typeof known === 'number' ? reductions[known] : known;
}

function arrayArgument(values: Values, name: string, value: Node): ArrayArgument {
  const { syntax } = values;
  const inner = unwrap(syntax, value);
  const dotted =
    /^[\w.$\s]+$/.test(syntax.source(inner)) && /^(VariableName|MemberExpression)$/.test(syntax.name(inner));
  const literal = literalText(values, value);
  const written = arrayLiteral(syntax, value) !== undefined;
  return {
    name,
    text: syntax.source(value),
    start: syntax.from[value]!,
    end: syntax.to[value]!,
    kind: written ? 'literal' : dotted ? 'variable' : 'other',
    ...(literal === undefined ? {} : { literal }),
  };
}
