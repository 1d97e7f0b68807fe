/** What a type checker adds to what one file says; the plugin in TypeScript's server has one. */
import type { SymbolInfo } from '../../catalogue.ts';
import type { Range } from '../../recognise/recognised.ts';

export interface TypeFacts {
  /** Of a tensor: its number of dimensions. */
  readonly rank?: number;
  /** A promise of anything. */
  readonly promise?: boolean;
  /** A number, a list of numbers or a typed array: no tensor, so nothing that a gradient passes through. */
  readonly plain?: boolean;
}

export interface Types {
  /** The loss that the callee of a call is, through whatever files pass it on. */
  lossOf(callee: Range): SymbolInfo | undefined;
  of(expression: Range): TypeFacts;
}
