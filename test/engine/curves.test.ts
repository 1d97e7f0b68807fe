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
