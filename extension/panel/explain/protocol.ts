/** What is asked about a number that was evaluated: types, and nothing else. */
import type { ElementExplained, Ruled, Trouble, ValueExplained } from '../../../engine/explain/index.ts';
import type { WireParameters } from '../../../engine/presentation/shown.ts';

export interface ExplainExchanges {
  /** How the elements became the value, and what other reductions would make of them. */
  explainValue: { asked: { readonly parameters: WireParameters }; answered: ValueExplained };
  /** One element of the unreduced loss, worked through. */
  explainElement: {
    asked: { readonly parameters: WireParameters; readonly row: number };
    answered: ElementExplained;
  };
  /** Where NaN, infinities and lost gradients begin. */
  findTrouble: {
    asked: { readonly parameters: WireParameters };
    answered: { readonly troubles: readonly Trouble[] };
  };
  /** The same data by the rules of the other symbols of the same loss. */
  otherRules: {
    asked: { readonly parameters: WireParameters };
    answered: { readonly ruled: readonly Ruled[] };
  };
}

export type * from '../../../engine/explain/index.ts';
