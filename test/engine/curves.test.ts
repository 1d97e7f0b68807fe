/** The curves that hovers, panel and reference draw: their numbers against the engine's own, and against each other. */
import assert from 'node:assert/strict';
import { array, curve, curvePoints, evaluate, LossLensError, losses, symbols } from '../../engine/node.ts';
import './gradients/all.ts';
import { setUps } from './gradients/set-ups.ts';

const names = [...losses.map(({ id }) => id), ...symbols.map(({ name }) => name)];
const parametersOf = new Map(
  [...losses.map(({ id, parameters }) => [id, parameters] as const)].concat(
    symbols.map(({ name, parameters }) => [name, parameters] as const),
  ),
);

/** Between neighbours that a kink or a jump parts, a difference quotient is no slope: so many may be. */
const parted = 0.04;

describe('the curve', () => {
  for (const name of names) {
    it(`of ${name} has the slope of its value as its gradient`, () => {
      for (const { label, x, loss, gradient } of curve(name).series) {
        const known = [...gradient.keys()].filter((i) =>
          [loss[i - 1], loss[i + 1], gradient[i]].every(Number.isFinite),
        );
        assert.ok(known.length > 100, `${label}: ${known.length} of ${x.length} are finite`);
        const largest = Math.max(...known.map((i) => Math.abs(gradient[i]!)));
        const apart = known.filter((i) => {
          const slope = (loss[i + 1]! - loss[i - 1]!) / (x[i + 1]! - x[i - 1]!);
          return Math.abs(slope - gradient[i]!) > 0.02 * largest + 0.05 * Math.abs(slope);
        });
        assert.ok(
          apart.length <= parted * known.length,
          `${label}: ${apart.length} of ${known.length} differ, first at ${x[apart[0]!]}`,
        );
      }
    });
  }

  const withAxis = names.filter((name) => parametersOf.get(name)!.some(({ name: own }) => own === 'axis'));
  for (const name of withAxis) {
    it(`of ${name} is the same whichever axis the classes are on`, () => {
      const usual = curve(name);
      let others = 0;
      for (const axis of [0, 1, -2, -3]) {
        try {
          assert.deepEqual(curve(name, { axis }), usual);
          others++;
        } catch (error) {
          if (!(error instanceof LossLensError)) throw error;
          assert.equal(error.code, 'parameter');
        }
      }
      assert.ok(others > 0);
    });
  }
});

const softplus = (x: number): number => Math.log1p(Math.exp(x));
const residual = (x: number): number => x * x;
const overlap = (outside: number) => (x: number) => 1 - (2 * x) / (1 + x + outside);

/** A corner of the triangle that circle loss is drawn with: the distance to the one of its class, and to the other. */
const circled = (own: number, other: number): number =>
  Math.log1p(
    Math.exp(80 * (0.4 + own) * (own - 0.4)) * Math.exp(80 * Math.max(0, 1.4 - other) * (0.6 - other)),
  );
const contrasted = (own: number, other: number): number => softplus((other - own) / 0.07);

/** What the labels of the catalogue's curves say that is drawn, in the formulas of the pages. */
const drawn: Readonly<Record<string, Readonly<Record<string, (x: number) => number>>>> = {
  'mean-squared-error': { '': residual },
  'mean-absolute-error': { '': Math.abs },
  huber: { '': (x) => (Math.abs(x) <= 1 ? x ** 2 / 2 : Math.abs(x) - 0.5) },
  'log-cosh': { '': (x) => Math.log(Math.cosh(x)) },
  'mean-absolute-percentage-error': {
    'target 1': (x) => 100 * Math.abs(x - 1),
    'target 2': (x) => 50 * Math.abs(x - 2),
    'target 4': (x) => 25 * Math.abs(x - 4),
  },
  'mean-squared-logarithmic-error': {
    'target 0': (x) => Math.log1p(x) ** 2,
    'target 1': (x) => (Math.log1p(x) - Math.log(2)) ** 2,
    'target 4': (x) => (Math.log1p(x) - Math.log(5)) ** 2,
  },
  'gaussian-nll': {
    'variance 0.25': (x) => (Math.log(0.25) + x ** 2 / 0.25) / 2,
    'variance 1': (x) => x ** 2 / 2,
    'variance 4': (x) => (Math.log(4) + x ** 2 / 4) / 2,
  },
  'mean-pairwise-squared-error': { '': residual },
  pinball: { '': (x) => Math.abs(x) / 2 },
  'tweedie-deviance': {
    'target 1': (x) => 4 * x ** -0.5 + 4 * x ** 0.5 - 8,
    'target 2': (x) => 8 * x ** -0.5 + 4 * x ** 0.5 - 8 * 2 ** 0.5,
    'target 4': (x) => 16 * x ** -0.5 + 4 * x ** 0.5 - 8 * 2,
  },
  'binary-cross-entropy': { 'target 0': (p) => -Math.log(1 - p), 'target 1': (p) => -Math.log(p) },
  'categorical-cross-entropy': { '': (p) => -Math.log(p) },
  'sparse-categorical-cross-entropy': { '': (p) => -Math.log(p) },
  'pixelwise-cross-entropy': { '': (p) => -Math.log(p) },
  'kl-divergence': {
    'true probability 0.2': (p) => 0.2 * Math.log(0.2 / p),
    'true probability 0.5': (p) => 0.5 * Math.log(0.5 / p),
    'true probability 0.8': (p) => 0.8 * Math.log(0.8 / p),
  },
  focal: {
    'target 0': (p) => -0.75 * p ** 2 * Math.log(1 - p),
    'target 1': (p) => -0.25 * (1 - p) ** 2 * Math.log(p),
  },
  'generalized-cross-entropy': { '': (p) => 2 * (1 - p ** 0.5) },
  'poly-cross-entropy': { '': (p) => 1 - p - Math.log(p) },
  hinge: { '': (x) => Math.max(0, 1 - x) },
  perceptron: { '': (x) => Math.max(0, -x) },
  sparsemax: { '': (x) => (x >= 1 ? 0 : x <= -1 ? -x : (1 - x) ** 2 / 4) },
  'squared-hinge': { '': (x) => Math.max(0, 1 - x) ** 2 },
  'soft-margin': { '': (x) => softplus(-x) },
  'categorical-hinge': { '': (x) => Math.max(0, 1 - x) },
  'multi-margin': { '': (x) => Math.max(0, 1 - x) / 2 },
  'multilabel-margin': { '': (x) => Math.max(0, 1 - x) / 2 },
  'multilabel-soft-margin': { 'target 0': softplus, 'target 1': (x) => softplus(-x) },
  contrastive: { similar: (d) => d ** 2 / 2, dissimilar: (d) => Math.max(0, 1 - d) ** 2 / 2 },
  triplet: { '': (d) => Math.max(0, d ** 2) },
  'margin-ranking': { 'label 1': (x) => Math.max(0, -x), 'label -1': (x) => Math.max(0, x) },
  'hinge-embedding': { 'label 1': (d) => d, 'label -1': (d) => Math.max(0, 1 - d) },
  'cosine-embedding': { 'label 1': (a) => 1 - Math.cos(a), 'label -1': (a) => Math.max(0, Math.cos(a)) },
  circle: { '': (a) => (circled(1 - Math.cos(a), 1) + circled(1 - Math.cos(a), 1 + Math.sin(a))) / 3 },
  'nt-xent': { '': (a) => (contrasted(Math.cos(a), 0) + contrasted(Math.cos(a), -Math.sin(a))) / 2 },
  'ranking-softmax': { '': (x) => softplus(-x) },
  dice: { 'outside 0': overlap(0), 'outside 0.5': overlap(0.5) },
  tversky: { 'outside 0': overlap(0), 'outside 0.5': overlap(0.5) },
  jaccard: { 'outside 0': (p) => 1 - p, 'outside 0.5': (p) => 1 - p / 1.5 },
  perceptual: { '': residual },
  'total-variation': { '': residual },
  // The other player's score is undecided: ½.
  'gan-discriminator': { '': (p) => -Math.log(p) - Math.log(0.5) },
  'gan-generator': { '': (p) => Math.log(1 - p) },
  'lsgan-discriminator': { '': (x) => ((x - 1) ** 2 + 0.25) / 2 },
  'lsgan-generator': { '': (x) => (x - 1) ** 2 / 2 },
  wasserstein: { '': (x) => x - 0.5 },
  // Four alignments have the label in the second frame, two the blank; the others have it with probability 1/3.
  ctc: { '': (x) => -Math.log((4 * Math.exp(x) + 2) / (Math.exp(x) + 2) / 9) },
  poisson: {
    'count 0': (rate) => rate,
    'count 1': (rate) => rate - Math.log(rate),
    'count 3': (rate) => rate - 3 * Math.log(rate),
  },
  'cosine-proximity': { '': (a) => -Math.cos(a) },
  'earth-movers-distance': { '': Math.abs },
};

describe('the curves of the catalogue', () => {
  it('are all in this table', () =>
    assert.deepEqual(Object.keys(drawn).sort(), losses.map(({ id }) => id).sort()));

  for (const [id, series] of Object.entries(drawn)) {
    it(`draw what they say: ${id}`, () => {
      const actual = curve(id).series;
      assert.deepEqual(
        actual.map(({ label }) => label),
        Object.keys(series),
      );
      for (const { label, x, loss } of actual) {
        for (const i of [20, 80, 140, 200]) {
          const expected = series[label]!(x[i]!);
          assert.ok(isClose(loss[i]!, expected), `${label} at ${x[i]}: ${loss[i]} instead of ${expected}`);
        }
      }
    });
  }
});

const total = (numbers: Iterable<number>): number => [...numbers].reduce((sum, x) => sum + x, 0);
const isClose = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-5 * (1 + Math.abs(b));

describe('the points on the curve', () => {
  for (const [name, list] of setUps) {
    const cases = list.flatMap(({ inputs, parameters }) => {
      // A point lies where its element stands before it is weighted, and is left out.
      const plain = Object.entries(inputs).filter(([input]) => !/weight|^where$|^multioutput$/i.test(input));
      const request = { loss: name, inputs: Object.fromEntries(plain), parameters: parameters ?? {} };
      const points = curvePoints(request, Number.POSITIVE_INFINITY);
      return points ? [{ request, points }] : [];
    });
    if (cases.length === 0) continue;
    it(`of ${name} have the losses of their elements`, async () => {
      for (const { request, points } of cases) {
        const { elements } = await evaluate({ ...request, elements: true, backend: 'reference' });
        const expected = Array.from(elements!.data, Number);
        const told = JSON.stringify(request.parameters);
        if (points.index.every((index, i) => isClose(points.loss[i]!, expected[index]!))) continue;
        // The points are the entries that an element adds up, or averages: so many each.
        const each = (Math.max(...points.index) + 1) / expected.length;
        assert.notEqual(each, 1, told);
        const [sum, ofElements] = [total(points.loss), total(expected)];
        assert.ok(
          isClose(sum, ofElements) || isClose(sum / each, ofElements),
          `${told}: ${sum}, ${ofElements}`,
        );
      }
    });
  }

  it('are few where each needs many numbers: smoothed labels of very many classes', () => {
    const [count, classes] = [8, 50_000];
    const input = array(new Float32Array(count * classes), { shape: [count, classes] });
    const target = array(BigInt64Array.from({ length: count }, (_, i) => BigInt(i)));
    const drawn = (label_smoothing: number) =>
      curvePoints(
        { loss: 'torch.nn.CrossEntropyLoss', inputs: { input, target }, parameters: { label_smoothing } },
        1000,
      )!;
    assert.equal(drawn(0).x.length, count);
    assert.ok(drawn(0.1).x.length <= 6);
    assert.ok(drawn(0.1).loss.every((loss) => isClose(loss, Math.log(classes))));
  });
});
