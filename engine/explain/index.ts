/** Questions about a number that an evaluation gave, answered by the loss's own program. */
export * from './compare.ts';
export { type ElementExplained, ElementExplainer, explainElement } from './element.ts';
export { otherRules, type Ruled } from './rules.ts';
export { findTrouble, type Trouble } from './trouble.ts';
export { explainValue, type ReductionExplained, type ValueExplained } from './value.ts';
export type { Line } from './worked.ts';
