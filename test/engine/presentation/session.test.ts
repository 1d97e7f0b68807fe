import assert from 'node:assert/strict';
import { array } from '../../../engine/array.ts';
import type { EvaluateRequest, Parameters } from '../../../engine/evaluation.ts';
import * as engine from '../../../engine/node.ts';
import { Session } from '../../../engine/presentation/session.ts';
import type { Outcome } from '../../../engine/presentation/shown.ts';
import { passed, shipped } from '../panel/channel.ts';

const context = { title: 'A loss', keep: '', backend: 'auto' } as const;

const huber: EvaluateRequest = {
  loss: 'torch.nn.HuberLoss',
  inputs: {
    input: array([2.5, 0, 2, 8], { dtype: 'float32' }),
    target: array([3, -0.5, 2, 5], { dtype: 'float32' }),
  },
};

function session(request: EvaluateRequest): Session {
  return new Session(engine, request, context);
}

function column(outcome: Outcome, label: string): number[] {
  const position = outcome.table.columns.findIndex((each) => each.label === label);
  assert(position >= 0, `no column ${label}`);
  return Array.from<number | bigint, number>(outcome.rows.columns[position]!, Number);
}

describe('panel session', () => {
  after(() => engine.dispose());

  it('gives the value with its quotient, its elements and its curve', async () => {
    const outcome = passed(await session(huber).evaluate({}));
    assert.equal(outcome.value[0], Math.fround(0.6875));
    assert.deepEqual([...outcome.quotient], [2.75, 4]);
    assert.equal(outcome.reduction, 'mean over 4 elements');
    assert.deepEqual(
      outcome.table.columns.map(({ label, role }) => [label, role]),
      [
        ['input', 'input'],
        ['target', 'input'],
        ['loss', 'loss'],
        ['gradient', 'gradient'],
      ],
    );
    assert.deepEqual(column(outcome, 'input'), [2.5, 0, 2, 8]);
    assert.deepEqual(column(outcome, 'loss'), [0.125, 0.125, 0, 2.5]);
    assert.deepEqual(column(outcome, 'gradient'), [-0.125, 0.125, 0, 0.25]);
    assert.equal(outcome.table.largest, 3);
    assert.deepEqual([...outcome.points!.x], [-0.5, 0.5, 0, 3]);
    assert.deepEqual([...outcome.points!.loss], [0.125, 0.125, 0, 2.5]);
  });

  it('draws the curve as far as the points reach, but not to the end of the world', async () => {
    const near = { ...huber.inputs, input: array([2.5, 0, 2, 20]) };
    const { curve } = await session({ ...huber, inputs: near }).evaluate({});
    const { x } = curve.series[0]!;
    assert(x[0] === -3 && x.at(-1)! > 15 && x.at(-1)! < 16);
    const far = { ...huber.inputs, input: array([2.5, 0, 2, 1e6]) };
    const outcome = await session({ ...huber, inputs: far }).evaluate({});
    assert.deepEqual(outcome.curve.series[0]!.x.at(-1), 3);
  });

  it('runs again with other parameters, and refuses bad ones without losing its place', async () => {
    const subject = session(huber);
    const first = await subject.evaluate({});
    const second = await subject.evaluate({ delta: 0.5 });
    assert.equal(second.run, first.run + 1);
    assert.equal(second.value[0], Math.fround((0.125 + 0.125 + 1.375) / 4));
    await assert.rejects(subject.evaluate({ delta: -1 }), { code: 'parameter' });
    assert.deepEqual([...(await subject.rows(second.run, 3, 1)).columns[2]!], [1.375]);
    const summed = await subject.evaluate({ delta: 0.5, reduction: 'sum' });
    assert.equal(summed.value[0], 1.625);
    assert.equal(summed.reduction, 'sum over 4 elements');
    const bare = await subject.evaluate({ reduction: 'none' });
    assert.deepEqual(bare.valueShape, [4]);
    assert.equal(bare.reduction, 'not reduced: 4 elements');
  });

  it('lets the last of several requests win, and runs nothing for those between', async () => {
    const subject = session(huber);
    const deltas = [1, 0.9, 0.8, 0.7, 0.6];
    const outcomes = await Promise.allSettled(deltas.map((delta) => subject.evaluate({ delta })));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected', 'rejected', 'rejected', 'fulfilled'],
    );
    const last = outcomes.at(-1) as PromiseFulfilledResult<Outcome>;
    assert.equal(last.value.run, 1);
    assert.deepEqual(subject.values.delta, 0.6);
  });

  it('answers the same question without running again', async () => {
    const subject = session(huber);
    const [first, again] = await Promise.all([subject.evaluate({}), subject.evaluate({})]);
    assert.equal(first.run, again.run);
  });

  it('refuses rows of a run that is over', async () => {
    const subject = session(huber);
    const { run } = await subject.evaluate({});
    await subject.evaluate({ delta: 2 });
    await assert.rejects(subject.rows(run, 0, 1), { name: 'StaleError' });
  });

  it('tells of shapes that do not go together', async () => {
    const inputs = { ...huber.inputs, target: array([1, 2, 3]) };
    await assert.rejects(session({ ...huber, inputs }).evaluate({}), { code: 'shape-mismatch' });
  });

  it('takes a catalogue loss with its reduction as a parameter', async () => {
    const inputs = { prediction: array([1, 3]), target: array([0, 0]) };
    const subject = session({ loss: 'mean-squared-error', inputs });
    assert.equal((await subject.evaluate({})).value[0], 5);
    assert.equal((await subject.evaluate({ reduction: 'sum' })).value[0], 10);
    const control = subject.open().controls.find(({ name }) => name === 'reduction');
    assert.equal(control?.value, 'sum');
  });

  it('shows the classes of an element in its row, whichever axis they are on', async () => {
    const input = array(
      Float32Array.from({ length: 12 }, (_, i) => i),
      { shape: [2, 3, 2] },
    );
    const target = array(BigInt64Array.of(0n, 1n, 2n, 0n), { shape: [2, 2] });
    const outcome = await session({ loss: 'torch.nn.CrossEntropyLoss', inputs: { input, target } }).evaluate(
      {},
    );
    const [first] = outcome.table.columns;
    assert.deepEqual([first!.label, first!.extent, first!.shown], ['input', 3, 3]);
    // Element [1, 0] is row 2; its classes are 2 apart.
    assert.deepEqual(column(outcome, 'input').slice(6, 9), [6, 8, 10]);
    assert.deepEqual(column(outcome, 'target'), [0, 1, 2, 0]);
  });

  it('shows the gradient by the prediction, also where the target comes first', async () => {
    const inputs = { y_true: array([0, 0]), y_pred: array([1, 3]) };
    const outcome = await session({ loss: 'keras.losses.MeanSquaredError', inputs }).evaluate({});
    const gradient = outcome.table.columns.find(({ role }) => role === 'gradient');
    assert.equal(gradient?.extent, 2);
    assert.deepEqual(column(outcome, 'gradient'), [1, 3]);
  });

  it('knows the row of each point, also where a row holds several', async () => {
    const inputs = {
      y_true: array(new Float32Array(24), { shape: [2, 4, 3] }),
      y_pred: array(
        Float32Array.from({ length: 24 }, (_, i) => i / 24),
        { shape: [2, 4, 3] },
      ),
    };
    const last = await session({ loss: 'keras.losses.BinaryCrossentropy', inputs }).evaluate({});
    assert.deepEqual(last.points!.shape, [2, 4, 3]);
    assert.deepEqual([...last.points!.row.slice(0, 7)], [0, 0, 0, 1, 1, 1, 2]);
    const { points, table } = await session({
      loss: 'keras.losses.BinaryCrossentropy',
      inputs,
      parameters: { axis: 1 },
    }).evaluate({});
    assert.deepEqual(table.shape, [2, 3]);
    // Elements [0, 3, 2] and [1, 0, 0].
    assert.deepEqual([points!.row[11], points!.row[12]], [2, 3]);
    const whole = await session(huber).evaluate({});
    assert.deepEqual([...whole.points!.row], [0, 1, 2, 3]);
  });

  it('plots the points anew when a parameter moves them, and the same ones when it does not', async () => {
    const inputs = {
      input: array([
        [4, 0],
        [1, 0],
        [0, 2],
      ]),
      target: array(BigInt64Array.of(0n, 0n, 1n)),
    };
    const subject = session({ loss: 'torch.nn.CrossEntropyLoss', inputs });
    const indices = async (parameters: Parameters): Promise<number[]> => [
      ...(await subject.evaluate(parameters)).points!.index,
    ];
    assert.deepEqual(await indices({}), [0, 1, 2]);
    assert.deepEqual(await indices({ label_smoothing: 0.1 }), [0, 1, 2]);
    assert.deepEqual(await indices({ ignore_index: 0 }), [2]);
    assert.deepEqual(await indices({ ignore_index: -100 }), [0, 1, 2]);
  });

  it('counts what is not finite and says where it begins', async () => {
    const inputs = { input: array([0.5, 2, 0.5]), target: array([1, Number.NaN, 1]) };
    const outcome = passed(await session({ loss: 'torch.nn.MSELoss', inputs }).evaluate({}));
    assert(Number.isNaN(outcome.value[0]));
    assert.deepEqual(outcome.nonFinite, { count: 1, first: [1] });
    assert.equal(outcome.table.firstNonFinite, 1);
  });

  it('ships little, however large the arrays', async () => {
    const length = 1_000_000;
    const inputs = {
      input: array(Float32Array.from({ length }, (_, i) => Math.sin(i))),
      target: array(new Float32Array(length)),
    };
    const subject = session({ loss: 'torch.nn.MSELoss', inputs });
    shipped();
    const outcome = passed(await subject.evaluate({}));
    assert.equal(outcome.rows.columns[0]!.length, 100);
    assert(shipped() < 100_000);
    const rows = passed(await subject.rows(outcome.run, 999_990, 50));
    assert.equal(rows.columns[0]!.length, 10);
    assert.equal(rows.columns[0]![9], Math.fround(Math.sin(999_999)));
    assert(shipped() < 1000);
    assert(outcome.points!.x.length <= 2000);
  });
});
