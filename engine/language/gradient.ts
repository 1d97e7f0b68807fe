/** Reverse-mode differentiation, from program to program. */
import {
  add,
  constant,
  type Dims,
  div,
  type Expr,
  equal,
  type Input,
  index,
  insideAt,
  mul,
  shift,
  sum,
  topological,
  where,
} from './expression.ts';
import { operations } from './operations.ts';

/**
 * The derivatives of a scalar by each input, each over its own input's dimensions or fewer (then repeated along the
 * rest); `undefined` where the scalar does not depend on the input. Nodes read twice must be one object: give it a
 * simplified graph.
 */
export function gradient(output: Expr, inputs: readonly Input[]): (Expr | undefined)[] {
  const adjoints = new Map<Expr, Expr>();
  const send = (to: Expr, amount: Expr | undefined): void => {
    if (amount === undefined) return;
    const already = adjoints.get(to);
    adjoints.set(to, already ? add(already, amount) : amount);
  };

  adjoints.set(output, constant(1));
  for (const node of topological([output]).reverse()) {
    const g = adjoints.get(node);
    if (!g) continue;
    switch (node.kind) {
      case 'apply': {
        const { selected, mask } = unmasked(g);
        const amounts = operations[node.operation].derivative?.(selected, node.args, node, node.kink) ?? [];
        node.args.forEach((arg, i) => {
          const amount = amounts[i];
          if (amount && varies(arg)) send(arg, sumTo(mask(amount), node.dims, arg.dims));
        });
        break;
      }
      case 'reduce':
        send(node.arg, node.reduction === 'sum' ? g : shareOfExtremes(g, node.arg, node, node.over));
        break;
      case 'gather':
        send(
          node.input,
          sumTo(where(equal(index(node.along), node.at), g, 0), node.dims | node.along, node.input.dims),
        );
        break;
      case 'neighbour': {
        const back = -node.offset;
        const at = insideAt(node.along, back);
        send(node.input, where(at, shift(g, node.along, back), 0));
        break;
      }
      case 'withGradient':
        for (const [to, surrogate] of node.surrogates) {
          send(to, sumTo(mul(g, surrogate), node.dims, to.dims));
        }
        break;
    }
  }
  return inputs.map((input) => adjoints.get(input));
}

/**
 * A gradient that `where`s select, without their selections, and how to select again. Derivatives are linear in the
 * gradient, so the selection can wait until after them: the 0 of the branch not taken never meets an infinity there.
 */
function unmasked(g: Expr): { selected: Expr; mask: (amount: Expr) => Expr } {
  if (g.kind === 'apply' && g.operation === 'where' && g.kink === 0) {
    const [condition, a, b] = g.args as [Expr, Expr, Expr];
    if (isZero(a) || isZero(b)) {
      const { selected, mask } = unmasked(isZero(b) ? a : b);
      const select = (amount: Expr): Expr =>
        isZero(b) ? where(condition, amount, 0) : where(condition, 0, amount);
      return { selected, mask: (amount) => select(mask(amount)) };
    }
  }
  return { selected: g, mask: (amount) => amount };
}

const isZero = (x: Expr): boolean => x.kind === 'constant' && x.value === 0;

const varies = (x: Expr): boolean => x.kind !== 'constant' && x.kind !== 'uniform' && x.kind !== 'extent';

/** A gradient over `from` (or repeated along some of it), summed back to the dimensions `to` of the value that was repeated. */
function sumTo(g: Expr, from: Dims, to: Dims): Expr {
  return sum(g, from & ~to);
}

/** The elements that attain a maximum or minimum share its gradient equally. */
function shareOfExtremes(g: Expr, arg: Expr, extreme: Expr, over: Dims): Expr {
  const attains = equal(arg, extreme);
  return where(attains, div(g, sum(where(attains, 1, 0), over)), 0);
}
