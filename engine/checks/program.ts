/** A source as a check reads it, in whichever language it is written. `python/` and `script/` read them. */
import type { LossCall, RecognisedLoss } from '../recognise/recognised.ts';
import type { Node, SyntaxTree } from '../recognise/tree.ts';
import type { Edit, Fix } from './finding.ts';
import type { Activation, Maker, Tensor } from './tensor.ts';

/** A loss where it is named, with what is evaluated of it there. */
export interface NamedCall {
  readonly named: { readonly reported: RecognisedLoss };
  readonly call: LossCall;
  /** The call, or the bare name. */
  readonly node: Node;
  /** The call that gives it its arrays, or `none`. */
  readonly evaluates: Node;
  /** The expressions of `call.arguments`, by their names. */
  readonly arrays: ReadonlyMap<string, Node>;
}

/** `model.compile(…)` with one loss, and what the model gives. */
export interface Compiled<C extends NamedCall = NamedCall> {
  readonly call: C;
  /** The expression of the loss in `compile`. */
  readonly passed: Node;
  readonly tensor: Tensor;
}

export interface Program {
  readonly syntax: SyntaxTree;
  /** In source order. */
  readonly calls: readonly NamedCall[];
  readonly tensors: { of(expression: Node): Tensor };
  readonly compiled: readonly Compiled[];
  /** The calls of losses whose gradient is taken: of the value alone, under a name or not. */
  readonly trained: ReadonlySet<Node>;
  /** A sentence: where no gradient passes, training does not reach the model. */
  unreached(how: string, loss: string): string;
  readonly edits: Edits;
  unwrap(expression: Node): Node;
  /** Whether an expression is data, numbers that no model gave. */
  isData(expression: Node): boolean;
  /** Whether it is a parameter of a function that is handed on: who calls it says what is passed, whatever its name is. */
  isHandedIn(expression: Node): boolean;
  /** The name that a value goes by, without the methods that move or cast it; `''` for what has none. */
  lastName(expression: Node): string;
}

/** The edits that fixes are made of, in the source's language. */
export interface Edits {
  /** A method call behind an expression, in parentheses where it binds less tightly. */
  appendCall(expression: Node, text: string): Edit;
  /**
   * Takes away the operation that gave a tensor its form, so that what went into it is passed.
   * @param passed  the expression at the loss
   */
  withoutMaker(maker: Maker, passed: Node, what: Activation): Fix[];
  /** Another loss of the same module and with the same arguments. */
  renamed(call: NamedCall, name: string): Fix[];
}
