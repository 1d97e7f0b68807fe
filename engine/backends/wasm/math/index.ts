/**
 * Mathematical functions on v128 lanes, as WebAssembly text. Each takes the name of a v128 local and returns the name
 * of a new one. `exp`, `log`, `log1p`, `expm1` are within 2 ulp in both formats, the others within 4; all are right
 * at 0, -0, infinities, NaN and denormals, on either side.
 */
export { type Emitter, extremum, hasMultiplyAdd, type Lanes } from './emitter.ts';
export { exp, expm1, expOfNegativeAbs, tanh } from './exponential.ts';
export { log, log1p, log1pOfUnit } from './logarithm.ts';
export { pow } from './power.ts';
