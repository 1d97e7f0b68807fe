/** What the panel shows of a loss that compares what a file makes of its inputs. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { array } from '../../../engine/array.ts';
import type { EvaluateRequest } from '../../../engine/evaluation.ts';
import * as engine from '../../../engine/node.ts';
import { summaryOf } from '../../../engine/presentation/gradient.ts';
import { Session } from '../../../engine/presentation/session.ts';
import { passed } from '../panel/channel.ts';

const network = fileURLToPath(new URL('../../../demo/networks/edges.onnx', import.meta.url));

/** Two images of one row each; as many dimensions as elements by layer would have besides. */
const request: EvaluateRequest = {
  loss: 'perceptual',
  inputs: {
    prediction: array(
      Array.from({ length: 128 }, (_, i) => ((i % 8 === 3) === i < 64 ? 1 : 0)),
      { shape: [2, 1, 8, 8] },
    ),
    target: array(new Float64Array(128), { shape: [2, 1, 8, 8] }),
  },
  parameters: { network, layers: 'max_pool2d, relu_1' },
};

const session = (): Session =>
  new Session(engine, request, { title: 'Perceptual loss', keep: '', backend: 'auto' });

describe('panel of a loss through a network', () => {
  after(() => engine.dispose());

  it('has a row for each image and layer, and the gradient by the image in short', async () => {
    const outcome = passed(await session().evaluate({}));
    assert.deepEqual(outcome.table.shape, [2, 2]);
    assert.deepEqual(
      outcome.table.columns.map(({ label }) => label),
      ['loss'],
    );
    const sum = Array.from(outcome.rows.columns[0]!, Number).reduce((total, own) => total + own, 0);
    assert.ok(Math.abs(sum - Number(outcome.value[0])) < 1e-12 * sum && sum > 0);
    const { by, shape, zeros, largest, at } = outcome.gradient!;
    assert.deepEqual([by, shape], ['prediction', [2, 1, 8, 8]]);
    const { gradients } = await engine.evaluate({ ...request, gradients: ['prediction'] });
    const entries = Array.from(gradients['prediction']!.data, Number);
    assert.equal(zeros, entries.filter((entry) => entry === 0).length);
    assert.equal(Math.abs(largest[0]!), Math.max(...entries.map(Math.abs)));
    assert.equal(entries[at.reduce((place, index, axis) => place * shape[axis]! + index, 0)], largest[0]);
    assert.equal(outcome.points, undefined);
    assert.equal(outcome.curve.xLabel, 'φ(prediction) − φ(target)');
  });

  it('has network and layers as controls, and goes back to feature maps', async () => {
    const opened = session();
    const controls = opened.open().controls.map(({ name, kind, value }) => [name, kind, value]);
    assert.deepEqual(controls.slice(0, 2), [
      ['network', 'text', network],
      ['layers', 'text', 'max_pool2d, relu_1'],
    ]);
    const outcome = passed(await opened.evaluate({ network: null, layers: null }));
    assert.deepEqual(outcome.table.shape, [2, 1, 8, 8]);
    assert.equal(outcome.gradient, undefined);
    assert.ok(outcome.table.columns.some(({ label }) => label === 'gradient'));
  });

  it('refuses a layer of another name and goes on with the next', async () => {
    const opened = session();
    await opened.evaluate({});
    await assert.rejects(opened.evaluate({ layers: 'pool' }), { code: 'unknown-layer' });
    await assert.rejects(opened.evaluate({ network: 'nowhere.onnx' }), { code: 'no-file' });
    assert.equal((await opened.evaluate({ network, layers: 'relu' })).table.shape.join(), '2,1');
  });

  it('finds the entry that is not finite, if there is one', () => {
    const of = (...data: number[]) => summaryOf({ x: array(data) }).gradient!;
    assert.deepEqual(of(0, -3, 2), { by: 'x', shape: [3], largest: Float64Array.of(-3), at: [1], zeros: 1 });
    assert.deepEqual(of(0, Number.NaN, Infinity).at, [1]);
    assert.deepEqual(of(0, -Infinity, Number.NaN).at, [1]);
    assert.deepEqual(of(0, 0), { by: 'x', shape: [2], largest: Float64Array.of(0), at: [0], zeros: 2 });
    assert.deepEqual(summaryOf({}), {});
  });
});
