/** What the types of a checker tell of a script: what is in other files, and what its expressions are. */
import type { NamedLoss } from '../../recognise/script/losses.ts';
import { argumentsOf, type Node, none, type Syntax, unwrap } from '../../recognise/script/syntax.ts';
import type { Tensor } from '../tensor.ts';
import type { Given, TypeFacts, Types } from './types.ts';

const noFacts: TypeFacts = {};

/** Without types it tells nothing. */
export class Elsewhere {
  readonly #syntax: Syntax;
  readonly #types: Types | undefined;

  constructor(syntax: Syntax, types?: Types) {
    this.#syntax = syntax;
    this.#types = types;
  }

  typeOf(expression: Node): TypeFacts {
    const syntax = this.#syntax;
    return this.#types?.of({ start: syntax.from[expression]!, end: syntax.to[expression]! }) ?? noFacts;
  }

  /** What the function of another file gives that a call calls. Whoever made it is not here: the call stands for it. */
  given(call: Node): Given | undefined {
    const syntax = this.#syntax;
    const callee = unwrap(syntax, syntax.first[call]!);
    const property = syntax.property(callee);
    const word = property === none ? callee : property;
    const given = this.#types?.given({ start: syntax.from[word]!, end: syntax.to[word]! });
    const here = ({ form, shape, kind }: Tensor): Tensor => ({
      ...(form && { form, maker: { node: call, as: 'call' as const, operand: none } }),
      ...(shape && { shape }),
      ...(kind && { kind }),
    });
    return given && { returned: here(given.returned), model: here(given.model) };
  }

  /** The losses that only the types tell: from other files. */
  named(known: readonly NamedLoss[]): NamedLoss[] {
    const syntax = this.#syntax;
    if (!this.#types) return [];
    const here = new Set(known.map(({ expression }) => expression));
    const found: NamedLoss[] = [];
    for (let node = 0; node < syntax.size; node++) {
      if (syntax.name(node) !== 'CallExpression') continue;
      const callee = unwrap(syntax, syntax.first[node]!);
      if (here.has(callee) || argumentsOf(syntax, node).length === 0) continue;
      const property = syntax.property(callee);
      const word = property === none ? callee : property;
      const place = { start: syntax.from[word]!, end: syntax.to[word]! };
      const info = this.#types.lossOf(place);
      if (!info) continue;
      const call = { start: syntax.from[node]!, end: syntax.to[node]! };
      const { name: symbol, loss, kind } = info;
      found.push({ reported: { ...place, symbol, loss, kind, call }, info, expression: callee });
    }
    return found;
  }
}
