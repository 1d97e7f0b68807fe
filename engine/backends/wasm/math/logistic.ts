/** The logistic family: everything from e = exp(-|x|), which is in [0, 1]. */
import { type Emitter, type Expression, type Lanes, Vectors } from './emitter.ts';
import { expOfNegativeAbs } from './exponential.ts';
import { log1pOfUnit } from './logarithm.ts';

function sigmoidFrom(v: Vectors, x: Expression, e: Expression): Expression {
  // (x < 0 ? e : 1) / (1 + e); as e <= 1 the choice is a maximum.
  const numerator = v.pmax(e, v.andnot(v.number(1), v.lt(x, v.number(0))));
  return v.div(numerator, v.add(e, v.number(1)));
}

function softplusFrom(v: Vectors, x: Expression, tail: Expression): Expression {
  return v.add(v.pmax(x, v.number(0)), tail);
}

/** 1 / (1 + e^-x). */
export function sigmoid(e: Emitter, lanes: Lanes, x: string): string {
  const v = new Vectors(e, lanes);
  return v.store(sigmoidFrom(v, v.read(x), v.keep(expOfNegativeAbs(v, v.read(x)))));
}

/** log(1 + e^x). */
export function softplus(e: Emitter, lanes: Lanes, x: string): string {
  const v = new Vectors(e, lanes);
  return v.store(softplusFrom(v, v.read(x), log1pOfUnit(v, v.keep(expOfNegativeAbs(v, v.read(x))))));
}

export interface Logistic {
  /** log(1 + e^x) */
  readonly softplus: string;
  /** log(1 + e^-|x|) = softplus(-|x|) */
  readonly softplusOfNegativeAbs: string;
  /** 1 / (1 + e^-x), the derivative of softplus */
  readonly sigmoid: string;
}

/** Softplus and its derivative from one exponential. What is not used costs nothing: V8 drops it. */
export function softplusAndSigmoid(e: Emitter, lanes: Lanes, x: string): Logistic {
  const v = new Vectors(e, lanes);
  const decay = v.keep(expOfNegativeAbs(v, v.read(x)));
  const tail = v.store(log1pOfUnit(v, decay));
  return {
    softplus: v.store(softplusFrom(v, v.read(x), v.read(tail))),
    softplusOfNegativeAbs: tail,
    sigmoid: v.store(sigmoidFrom(v, v.read(x), decay)),
  };
}
