/**
 * The operations of the loss language: each with its value, its derivative, its WebAssembly and its WGSL text, side by side.
 *
 * Truth values are numbers 0 and 1 in the reference interpreter, lane masks in WebAssembly and `bool` in WGSL. `sigmoid`, `softplus`,
 * `xlogy` and `xlog1py` have no text of their own: `lower` (simplify.ts) writes them out, so that the exponential which the
 * value and the derivative share is computed once.
 */
import { Vectors } from '../backends/wasm/math/emitter.ts';
import type { Emitter, Lanes } from '../backends/wasm/math/index.ts';
import * as math from '../backends/wasm/math/index.ts';
import { call } from '../backends/webgpu/math.ts';
import type { Expr, OperationName } from './expression.ts';
import * as x from './expression.ts';

export interface Operation {
  readonly truth?: true;
  /** Worth keeping in memory rather than computing again in a later loop. */
  readonly expensive?: true;
  value(...args: number[]): number;
  /** What each argument gets of the gradient `g` of the result; `undefined` for nothing. */
  derivative?(g: Expr, args: readonly Expr[], result: Expr, kink: number): readonly (Expr | undefined)[];
  /** Appends the lanes' instructions; takes and returns names of v128 locals. */
  wasm?(e: Emitter, lanes: Lanes, args: readonly string[]): string;
  /** An expression of names and literals. */
  wgsl?(...args: readonly string[]): string;
}

const truth = (condition: boolean): number => (condition ? 1 : 0);

function assign(e: Emitter, expression: string): string {
  const local = e.local();
  e.emit(`(local.set ${local} ${expression})`);
  return local;
}

const get = (local: string): string => `(local.get ${local})`;

/** One native instruction over the lanes. */
const instruction =
  (name: string): NonNullable<Operation['wasm']> =>
  (e, lanes, args) =>
    assign(e, `(${lanes}.${name} ${args.map(get).join(' ')})`);

/** One native instruction over the bits. */
const bits =
  (name: string): NonNullable<Operation['wasm']> =>
  (e, _lanes, args) =>
    assign(e, `(v128.${name} ${args.map(get).join(' ')})`);

const infix =
  (operator: string): NonNullable<Operation['wgsl']> =>
  (a, b) =>
    `${a} ${operator} ${b}`;

/** Shares of the gradient at a maximum or minimum: all to the winner, `kink` of it to the first at a tie. */
function shares(g: Expr, a: Expr, b: Expr, firstWins: Expr, kink: number): readonly Expr[] {
  const tied = x.equal(a, b);
  return [
    x.where(tied, portion(kink, g), x.where(firstWins, g, 0)),
    x.where(tied, portion(1 - kink, g), x.where(firstWins, 0, g)),
  ];
}

/** A fixed share of a gradient; none of it is 0 even where the gradient is infinite. */
const portion = (share: number, g: Expr): Expr =>
  share === 0 ? x.constant(0) : share === 1 ? g : x.mul(share, g);

export const operations: Readonly<Record<OperationName, Operation>> = {
  add: {
    value: (a, b) => a! + b!,
    derivative: (g) => [g, g],
    wasm: instruction('add'),
    wgsl: infix('+'),
  },
  sub: {
    value: (a, b) => a! - b!,
    derivative: (g) => [g, x.neg(g)],
    wasm: instruction('sub'),
    wgsl: infix('-'),
  },
  mul: {
    value: (a, b) => a! * b!,
    derivative: (g, [a, b]) => [x.mul(g, b!), x.mul(g, a!)],
    wasm: instruction('mul'),
    wgsl: infix('*'),
  },
  div: {
    value: (a, b) => a! / b!,
    derivative: (g, [, b], result) => [x.div(g, b!), x.neg(x.mul(x.div(g, b!), result))],
    wasm: instruction('div'),
    wgsl: infix('/'),
  },
  neg: { value: (a) => -a!, derivative: (g) => [x.neg(g)], wasm: instruction('neg'), wgsl: (a) => `-${a}` },
  // The subgradient at 0 is 0 in every framework: their sign(0) is 0.
  abs: {
    value: (a) => Math.abs(a!),
    derivative: (g, [a]) => [x.mul(g, x.sign(a!))],
    wasm: instruction('abs'),
    wgsl: call('abs'),
  },
  sign: {
    value: (a) => Math.sign(a!),
    wgsl: call('sign'),
    wasm(e, lanes, [a]) {
      // Twice by a number that makes the least subnormal more than 1, then within ±1: NaN and the zeros stay themselves.
      // Selecting by two comparisons takes twice as many instructions, which memory does not hide.
      const v = new Vectors(e, lanes);
      const large = v.number(lanes === 'f32x4' ? 2 ** 100 : 2 ** 600);
      const grown = v.mul(v.mul(get(a!), large), large);
      return v.store(v.pmax(v.pmin(grown, v.number(1)), v.number(-1)));
    },
  },
  sqrt: {
    value: (a) => Math.sqrt(a!),
    derivative: (g, _args, result) => [x.div(g, x.mul(2, result))],
    wasm: instruction('sqrt'),
    wgsl: call('squareRoot'),
  },
  exp: {
    expensive: true,
    value: (a) => Math.exp(a!),
    derivative: (g, _args, result) => [x.mul(g, result)],
    wasm: (e, lanes, [a]) => math.exp(e, lanes, a!),
    wgsl: call('exponential'),
  },
  log: {
    expensive: true,
    value: (a) => Math.log(a!),
    derivative: (g, [a]) => [x.div(g, a!)],
    wasm: (e, lanes, [a]) => math.log(e, lanes, a!),
    wgsl: call('logarithm'),
  },
  log1p: {
    expensive: true,
    value: (a) => Math.log1p(a!),
    derivative: (g, [a]) => [x.div(g, x.add(1, a!))],
    wasm: (e, lanes, [a]) => math.log1p(e, lanes, a!),
    wgsl: call('log1p'),
  },
  /** log1p for arguments known to lie in [0, 1]; made by `lower` alone. */
  log1pUnit: {
    expensive: true,
    value: (a) => Math.log1p(a!),
    wasm: (e, lanes, [a]) => math.log1pOfUnit(e, lanes, a!),
    wgsl: call('log1p'),
  },
  /** exp(−|a|), made by `lower` alone. */
  expOfNegativeAbs: {
    expensive: true,
    value: (a) => Math.exp(-Math.abs(a!)),
    wasm: (e, lanes, [a]) => math.expOfNegativeAbs(e, lanes, a!),
    wgsl: (a) => `exponential(-abs(${a}))`,
  },
  expm1: {
    expensive: true,
    value: (a) => Math.expm1(a!),
    derivative: (g, [a]) => [x.mul(g, x.exp(a!))],
    wasm: (e, lanes, [a]) => math.expm1(e, lanes, a!),
    wgsl: call('expm1'),
  },
  tanh: {
    expensive: true,
    value: (a) => Math.tanh(a!),
    derivative: (g, _args, result) => [x.mul(g, x.sub(1, x.mul(result, result)))],
    wasm: (e, lanes, [a]) => math.tanh(e, lanes, a!),
    wgsl: call('hyperbolicTangent'),
  },
  sigmoid: {
    value: (a) => (a! < 0 ? Math.exp(a!) / (1 + Math.exp(a!)) : 1 / (1 + Math.exp(-a!))),
    derivative: (g, [a], result) => [x.mul(g, x.mul(result, x.sigmoid(x.neg(a!))))],
  },
  softplus: {
    value: (a) => Math.max(a!, 0) + Math.log1p(Math.exp(-Math.abs(a!))),
    derivative: (g, [a]) => [x.mul(g, x.sigmoid(a!))],
  },
  pow: {
    expensive: true,
    value: (a, b) => a! ** b!,
    derivative: (g, [a, b], result) => [
      x.where(x.equal(b!, 0), 0, x.mul(g, x.mul(b!, x.pow(a!, x.sub(b!, 1))))),
      x.where(x.and(x.equal(a!, 0), x.lessEqual(0, b!)), 0, x.mul(g, x.mul(result, x.log(a!)))),
    ],
    wasm: (e, lanes, [a, b]) => math.pow(e, lanes, a!, b!),
    wgsl: call('power'),
  },
  xlogy: {
    value: (a, b) => (a === 0 && !Number.isNaN(b) ? 0 : a! * Math.log(b!)),
    derivative: (g, [a, b]) => [
      x.where(x.and(x.equal(a!, 0), x.lessEqual(b!, 0)), 0, x.mul(g, x.log(b!))),
      x.where(x.equal(a!, 0), 0, x.div(x.mul(g, a!), b!)),
    ],
  },
  /** x·log(1 + y), and 0 where x is 0. */
  xlog1py: {
    value: (a, b) => (a === 0 && !Number.isNaN(b) ? 0 : a! * Math.log1p(b!)),
    derivative: (g, [a, b]) => [
      x.where(x.and(x.equal(a!, 0), x.lessEqual(b!, -1)), 0, x.mul(g, x.log1p(b!))),
      x.where(x.equal(a!, 0), 0, x.div(x.mul(g, a!), x.add(1, b!))),
    ],
  },
  max: {
    value: (a, b) => Math.max(a!, b!),
    derivative: (g, [a, b], _result, kink) => shares(g, a!, b!, x.less(b!, a!), kink),
    wasm: (e, lanes, [a, b]) => assign(e, math.extremum(e, lanes, 'max', a!, b!)),
    wgsl: call('larger'),
  },
  min: {
    value: (a, b) => Math.min(a!, b!),
    derivative: (g, [a, b], _result, kink) => shares(g, a!, b!, x.less(a!, b!), kink),
    wasm: (e, lanes, [a, b]) => assign(e, math.extremum(e, lanes, 'min', a!, b!)),
    wgsl: call('smaller'),
  },
  clamp: {
    value: (a, low, high) => Math.min(Math.max(a!, low!), high!),
    derivative: (g, [a, low, high], _result, kink) => {
      const within = x.and(x.less(low!, a!), x.less(a!, high!));
      const atBound = x.or(x.equal(a!, low!), x.equal(a!, high!));
      return [x.where(within, g, x.where(atBound, portion(kink, g), 0)), undefined, undefined];
    },
    wasm: (e, lanes, [a, low, high]) => {
      const raised = assign(e, math.extremum(e, lanes, 'max', a!, low!));
      return assign(e, math.extremum(e, lanes, 'min', raised, high!));
    },
    wgsl: (a, low, high) => `smaller(larger(${a}, ${low}), ${high})`,
  },
  less: { truth: true, value: (a, b) => truth(a! < b!), wasm: instruction('lt'), wgsl: infix('<') },
  lessEqual: { truth: true, value: (a, b) => truth(a! <= b!), wasm: instruction('le'), wgsl: infix('<=') },
  equal: { truth: true, value: (a, b) => truth(a === b), wasm: instruction('eq'), wgsl: infix('==') },
  notEqual: { truth: true, value: (a, b) => truth(a !== b), wasm: instruction('ne'), wgsl: infix('!=') },
  and: { truth: true, value: (a, b) => truth(a! !== 0 && b! !== 0), wasm: bits('and'), wgsl: infix('&&') },
  or: { truth: true, value: (a, b) => truth(a! !== 0 || b! !== 0), wasm: bits('or'), wgsl: infix('||') },
  where: {
    value: (condition, a, b) => (condition !== 0 ? a! : b!),
    derivative(g, [condition], _result, kink) {
      const shields = { shields: kink === 0 };
      return [undefined, x.where(condition!, g, 0, shields), x.where(condition!, 0, g, shields)];
    },
    wasm(e, _lanes, [condition, a, b]) {
      // Lanes of the condition are all ones or all zeros: a 0 needs one instruction, where others need three on x64.
      const [first, second, mask] = [get(a!), get(b!), get(condition!)];
      if (Object.is(e.numberIn(b!), 0)) return assign(e, `(v128.and ${first} ${mask})`);
      if (Object.is(e.numberIn(a!), 0)) return assign(e, `(v128.andnot ${second} ${mask})`);
      return assign(e, `(v128.bitselect ${first} ${second} ${mask})`);
    },
    wgsl: (condition, a, b) => `select(${b}, ${a}, ${condition})`,
  },
  stop: { value: (a) => a!, wasm: (_e, _lanes, [a]) => a!, wgsl: (a) => a! },
};

/** Whether a value is a truth value (a lane mask on the CPU), not a number. */
export const isTruth = (node: Expr): boolean =>
  node.kind === 'apply' && operations[node.operation].truth === true;
