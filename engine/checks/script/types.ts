/** What a type checker adds to what one file says; the plugin in TypeScript's server has one. */
import type { SymbolInfo } from '../../catalogue.ts';
import type { Range } from '../../recognise/recognised.ts';
import type { Tensor } from '../tensor.ts';

export interface TypeFacts {
  /** Of a tensor: its number of dimensions. */
  readonly rank?: number;
  /** A promise of anything. */
  readonly promise?: boolean;
  /** A number, a list of numbers or a typed array: no tensor, so nothing that a gradient passes through. */
  readonly plain?: boolean;
}

/** What a function gives: a tensor, or a model and so what that gives. */
export interface Given {
  readonly returned: Tensor;
  readonly model: Tensor;
}

export interface Types {
  /** The loss that the callee of a call is, through whatever files pass it on. */
  lossOf(callee: Range): SymbolInfo | undefined;
  of(expression: Range): TypeFacts;
  /** Of the function in another file that a callee is, through whatever files pass it on. */
  given(callee: Range): Given | undefined;
}
