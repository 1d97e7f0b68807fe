import assert from 'node:assert/strict';
import { array } from '../../../engine/array.ts';
import type { EvaluateRequest } from '../../../engine/evaluation.ts';
import * as engine from '../../../engine/node.ts';
import { Session } from '../../../engine/presentation/session.ts';
import { normOf } from '../../../engine/presentation/sweep.ts';

const huber: EvaluateRequest = {
  loss: 'torch.nn.HuberLoss',
  inputs: {
    input: array([2.5, 0, 2, 8], { dtype: 'float32' }),
    target: array([3, -0.5, 2, 5], { dtype: 'float32' }),
  },
};

describe('sweep of a parameter', () => {
  after(() => engine.dispose());

  it('gives the value and the size of the gradient at each value, and leaves what is shown alone', async () => {
    const session = new Session(engine, huber, { title: '', keep: '', backend: 'auto' });
    const { run } = await session.evaluate({ delta: 2 });
    const deltas = Float64Array.of(0.25, 0.5, 1, 4);
    const swept = await session.sweep({}, 'delta', deltas, false);
    for (const [i, delta] of deltas.entries()) {
      const { value, gradients } = await engine.evaluate({
        ...huber,
        parameters: { delta },
        gradients: ['input'],
      });
      assert(Math.abs(swept.values[i]! - Number(value.data[0])) < 1e-6);
      const norm = Math.hypot(...Array.from<number | bigint, number>(gradients.input!.data, Number));
      assert(Math.abs(swept.gradients[i]! - norm) < 1e-6);
    }
    assert.equal((await session.rows(run, 0, 4)).columns.length, 4);
    assert.equal((await session.evaluate({ delta: 2 })).run, run);
    session.dispose();
  });

  it('leaves nothing prepared behind, whatever it went over', async () => {
    let prepared = 0;
    const counting: typeof engine = {
      ...engine,
      prepare(request) {
        const own = engine.prepare(request);
        prepared++;
        return {
          ...own,
          dispose() {
            prepared--;
            own.dispose();
          },
        };
      },
    };
    const session = new Session(counting, huber, { title: '', keep: '', backend: 'auto' });
    await session.evaluate({ delta: 2 });
    for (const reduction of ['mean', 'sum', 'mean']) {
      await session.sweep({ reduction }, 'delta', Float64Array.of(1, 2), false);
    }
    assert.ok(prepared <= 2, `${prepared} are prepared`);
    session.dispose();
    assert.equal(prepared, 0);
  });

  it('leaves a gap where the loss refuses the value, and goes on', async () => {
    const session = new Session(engine, huber, { title: '', keep: '', backend: 'auto' });
    const { values } = await session.sweep({}, 'delta', Float64Array.of(-1, 1), true);
    assert(Number.isNaN(values[0]));
    assert.equal(values[1], Math.fround(0.6875));
    session.dispose();
  });

  it('takes the sum of what is not reduced', async () => {
    const session = new Session(engine, huber, { title: '', keep: '', backend: 'auto' });
    const { values } = await session.sweep({ reduction: 'none' }, 'delta', Float64Array.of(1), true);
    assert.equal(values[0], 2.75);
    session.dispose();
  });
});

describe('norm', () => {
  it('is the root of the sum of squares, also where those leave the range', () => {
    assert.equal(normOf(Float64Array.of(3, 0, -4)), 5);
    for (const scale of [1e200, 1e-200]) {
      assert(Math.abs(normOf(Float64Array.of(3 * scale, 4 * scale)) / scale - 5) < 1e-14);
    }
    assert.equal(normOf(new Float64Array(3)), 0);
    assert.equal(normOf(Float32Array.of(1, Number.POSITIVE_INFINITY, 2)), Number.POSITIVE_INFINITY);
    assert(Number.isNaN(normOf(Float32Array.of(1, Number.NaN, 2))));
  });
});
