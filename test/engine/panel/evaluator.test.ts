/** Who evaluates for the panel: both ends of the protocol with the channel between them, and Dawn for the window's GPU. */
import assert from 'node:assert/strict';
import { array, type NdArray } from '../../../engine/array.ts';
import type { EvaluateRequest } from '../../../engine/evaluation.ts';
import * as engine from '../../../engine/node.ts';
import { described, fetched, partOf } from '../../../engine/presentation/moving.ts';
import { Session } from '../../../engine/presentation/session.ts';
import { answering } from '../../../extension/panel/answer.ts';
import { evaluationChecks } from '../../../extension/panel/asked.ts';
import { evaluationAnswers } from '../../../extension/panel/evaluation.ts';
import type {
  Bins,
  EvaluationExchanges,
  Lines,
  Method,
  Opening,
  Outcome,
  Reply,
  ToHost,
} from '../../../extension/panel/protocol.ts';
import { Evaluator } from '../../../webview/evaluator.ts';
import { Requests } from '../../../webview/requests.ts';
import { closeWebGpu, openWebGpu } from '../webgpu/adapter.ts';
import { passed } from './channel.ts';

const length = 5000;
const huber: EvaluateRequest = {
  loss: 'torch.nn.HuberLoss',
  inputs: {
    input: array(Float32Array.from({ length }, (_, i) => 3 * Math.sin(i))),
    target: array(new Float32Array(length)),
  },
  parameters: { delta: 0.75 },
};

interface Panel {
  readonly evaluator: Evaluator;
  /** What was asked of the host. */
  readonly asked: Method[];
  settle(): Promise<void>;
}

function panel(request: EvaluateRequest, backend: Opening['backend']): Panel {
  const host = new Session(engine, request, { title: '', keep: '', backend });
  const asked: Method[] = [];
  const answer = answering<EvaluationExchanges>(
    evaluationChecks,
    { ...evaluationAnswers({ session: async () => host }), reveal: () => ({}) },
    (reply: Reply) => requests.receive(passed(reply)),
  );
  const requests = new Requests((message: ToHost) => {
    asked.push(message.method);
    void answer(passed(message));
  });
  const evaluator = new Evaluator(requests);
  return { evaluator, asked, settle: () => evaluator.settle(host.open()) };
}

const delta = (value: number) => ({ delta: Float64Array.of(value) });

function assertSame(actual: Outcome, expected: Outcome): void {
  const near = (a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>): void => {
    assert.equal(a.length, b.length);
    for (let i = 0; i < a.length; i++) {
      const [x, y] = [Number(a[i]), Number(b[i])];
      assert(Math.abs(x - y) <= 1e-5 * Math.abs(y), `${x} instead of ${y} at ${i}`);
    }
  };
  near(actual.quotient, expected.quotient);
  near(actual.value, expected.value);
  const labels = ({ table }: Outcome) => table.columns.map(({ label }) => label);
  assert.deepEqual(labels(actual), labels(expected));
  assert.deepEqual(
    [actual.table.shape, actual.table.largest],
    [expected.table.shape, expected.table.largest],
  );
  for (const [i, column] of actual.rows.columns.entries()) near(column, expected.rows.columns[i]!);
  assert.equal(actual.reduction, expected.reduction);
}

describe('who evaluates for the panel', function () {
  this.timeout(60_000);
  let gpu: GPU;

  before(async function () {
    this.timeout(180_000);
    gpu = await openWebGpu();
    Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  });
  after(() => {
    Reflect.deleteProperty(navigator, 'gpu');
    closeWebGpu();
  });

  it('is the host until the data is there, then the GPU, with the same answers and their rows', async () => {
    const { evaluator, asked, settle } = panel(huber, 'webgpu');
    const first = await evaluator.evaluate(delta(0.75));
    assert.notEqual(first.backend, 'webgpu');
    await settle();
    asked.length = 0;
    const second = await evaluator.evaluate(delta(1.5));
    assert.equal(second.backend, 'webgpu');
    assert.equal(second.run, first.run + 1);
    const there = await evaluator.rows(second.run, 4990, 50);
    await assert.rejects(evaluator.rows(first.run, 0, 1), { name: 'RequestError' });
    assert.deepEqual(asked, []);

    const own = new Session(
      engine,
      { ...huber, backend: 'reference' },
      { title: '', keep: '', backend: 'cpu' },
    );
    const expected = await own.evaluate({ delta: 1.5 });
    assertSame(second, { ...expected, run: second.run });
    const rows = await own.rows(expected.run, 4990, 50);
    assert.equal(there.start, rows.start);
    assert.equal(there.columns[0]!.length, 10);
    rows.columns.forEach((column, i) => {
      assert(column.every((x, j) => Math.abs(Number(x) - Number(there.columns[i]![j])) <= 1e-5));
    });
    evaluator.dispose();
  });

  it('gets the plot that is wanted with the outcome', async () => {
    const { evaluator, asked } = panel(huber, 'cpu');
    const wanted = { id: 'loss-histogram', slice: 0 } as const;
    const { run, plot } = await evaluator.evaluate(delta(1.5), wanted);
    assert.deepEqual(asked, ['evaluate']);
    assert.equal(plot!.run, run);
    assert.deepEqual(plot, await evaluator.plot({ ...wanted, run }));
    // Of one that there is none of, the outcome is there all the same.
    const other = await evaluator.evaluate(delta(2), { id: 'images', slice: 0 });
    assert.equal(other.plot, undefined);
    assert.equal(other.run, run + 1);
  });

  it('sums up plots and sweeps a parameter where the data is', async () => {
    const { evaluator, asked, settle } = panel(huber, 'webgpu');
    await evaluator.evaluate(delta(0.75));
    await settle();
    const { run, backend, plots } = await evaluator.evaluate(delta(1.5));
    assert.equal(backend, 'webgpu');
    asked.length = 0;
    const own = new Session(
      engine,
      { ...huber, backend: 'reference' },
      { title: '', keep: '', backend: 'cpu' },
    );
    const expected = await own.evaluate({ delta: 1.5 });
    assert.deepEqual(plots, expected.plots);
    for (const id of ['gradient-histogram', 'loss-histogram'] as const) {
      const plot = await evaluator.plot({ run, id, slice: 0, row: 17 });
      const [there] = plot.figures as [Bins];
      const [here] = (await own.plot({ run: expected.run, id, slice: 0, row: 17 })).figures as [Bins];
      assert.equal(plot.run, run);
      assert(Math.abs(there.marked[0]! - here.marked[0]!) < 1e-6);
      assert(Math.abs(there.edges.at(-1)! - here.edges.at(-1)!) < 1e-6);
      const total = there.series[0]!.counts.reduce((sum, count) => sum + count, 0);
      assert.equal(total, length);
    }
    const values = Float64Array.of(0.1, 1, 2);
    const swept = { parameter: 'delta', parameters: delta(1.5), values, isLast: true };
    const there = await evaluator.sweep(swept);
    const here = await own.sweep({}, 'delta', values, true);
    for (let i = 0; i < values.length; i++) {
      assert(Math.abs(there.values[i]! - here.values[i]!) < 1e-5 * here.values[i]!);
      assert(Math.abs(there.gradients[i]! - here.gradients[i]!) < 1e-5 * here.gradients[i]!);
    }
    assert.deepEqual(asked, []);
    await evaluator.evaluate(delta(2));
    await assert.rejects(
      evaluator.plot({ run, id: 'loss-histogram', slice: 0 }),
      ({ failure }) => failure.code === 'stale',
    );
    own.dispose();
    evaluator.dispose();
  });

  it('measures triplets on the GPU as on the CPU', async () => {
    const embedding = (seed: number): NdArray =>
      array(
        Float32Array.from({ length: 600 }, (_, i) => Math.sin(seed * 99 + i * 12.9)),
        { shape: [200, 3] },
      );
    const inputs = { anchor: embedding(1), positive: embedding(2), negative: embedding(3) };
    const { evaluator, settle } = panel({ loss: 'torch.nn.TripletMarginLoss', inputs }, 'webgpu');
    const first = await evaluator.evaluate({});
    const here = await evaluator.plot({ run: first.run, id: 'distances', slice: 0 });
    await settle();
    const { run, backend } = await evaluator.evaluate({ margin: Float64Array.of(0.8) });
    assert.equal(backend, 'webgpu');
    const [cpu, gpu] = [here, await evaluator.plot({ run, id: 'distances', slice: 0 })].map(({ figures }) =>
      (figures as [Lines])[0].points.flatMap(({ x, rows }) =>
        Array.from(rows, (row, i) => [row, x[i]!] as const),
      ),
    ) as [(readonly [number, number])[], (readonly [number, number])[]];
    const there = new Map(gpu);
    for (const [row, distance] of cpu) assert(Math.abs(there.get(row)! - distance) < 1e-5);
    evaluator.dispose();
  });

  it('is the host for what the GPU refuses, and the GPU again after it, without a word', async () => {
    const input = array((huber.inputs['input']!.data as Float32Array).with(17, 1e20));
    const { evaluator, settle } = panel({ ...huber, inputs: { ...huber.inputs, input } }, 'webgpu');
    await evaluator.evaluate({});
    await settle();
    // A square that float32 has no number for.
    const beyond = await evaluator.evaluate(delta(1e30));
    assert.notEqual(beyond.backend, 'webgpu');
    assert.deepEqual([beyond.nonFinite.count, beyond.table.firstNonFinite], [1, 17]);
    const next = await evaluator.evaluate(delta(1));
    assert.equal(next.backend, 'webgpu');
    assert.deepEqual([...beyond.warnings, ...next.warnings], []);
    const refused = evaluator.evaluate(delta(-1));
    await assert.rejects(refused, ({ failure }) => failure.code === 'parameter');
    evaluator.dispose();
  });

  it('is the host once the device is lost, and says so from then on', async () => {
    const { evaluator, settle } = panel(huber, 'webgpu');
    await evaluator.evaluate({});
    await settle();
    assert.equal((await evaluator.evaluate(delta(1))).backend, 'webgpu');
    // Ends the device under the page's hands; host and page share the engine here.
    engine.dispose();
    const next = await evaluator.evaluate(delta(2));
    assert.notEqual(next.backend, 'webgpu');
    assert.match(
      next.warnings.map(({ message }) => message).join(),
      /^The CPU evaluates, not the GPU\. .*lost/,
    );
    assert.deepEqual((await evaluator.evaluate(delta(3))).warnings, next.warnings);
    evaluator.dispose();
  });

  it('is the host by default on a software adapter, for little data, and where the setting says so', async () => {
    const many = (): NdArray => array(new Float32Array(100_000));
    const large = { ...huber, inputs: { input: many(), target: many() } };
    for (const [request, backend] of [
      [huber, 'auto'],
      [large, 'auto'],
      [huber, 'cpu'],
    ] as const) {
      const { evaluator, asked, settle } = panel(request, backend);
      await evaluator.evaluate({});
      await settle();
      const outcome = await evaluator.evaluate(delta(2));
      assert.notEqual(outcome.backend, 'webgpu');
      assert.deepEqual(outcome.warnings, []);
      assert(!asked.includes('part'), 'data was sent');
      evaluator.dispose();
    }
  });

  it('is the host for float64 and for too much data, which is said where the GPU was asked for', async () => {
    const doubles = () => array(new Float64Array(length));
    const double = { ...huber, inputs: { input: doubles(), target: doubles() } };
    const many = (): NdArray => array(new Float32Array(8_000_001));
    const large = { ...huber, inputs: { input: many(), target: many() } };
    for (const [request, reason] of [
      [double, /no float64/],
      [large, /64 MB/],
    ] as const) {
      const { evaluator, settle } = panel(request, 'webgpu');
      await evaluator.evaluate({});
      await settle();
      const next = await evaluator.evaluate(delta(2));
      assert.notEqual(next.backend, 'webgpu');
      assert.match(next.warnings.map(({ message }) => message).join(), reason);
      assert.deepEqual((await evaluator.evaluate(delta(3))).warnings, next.warnings);
      evaluator.dispose();
    }
  });

  it('moves every kind of array a part at a time', async () => {
    const request: EvaluateRequest = {
      loss: 'torch.nn.CrossEntropyLoss',
      inputs: {
        input: array(
          Float32Array.from({ length: 2_400_000 }, (_, i) => i % 1013),
          { shape: [800_000, 3] },
        ),
        target: array(BigInt64Array.from({ length: 800_000 }, (_, i) => BigInt(i % 3))),
        weight: { ...array([1, 2, 3]), origin: 'bfloat16' },
      },
      parameters: { label_smoothing: 0.1, reduction: 'sum' },
    };
    const parts: number[] = [];
    const arrived = await fetched(passed(described(request)), async (part) => {
      const data = passed(partOf(request, part));
      parts.push(data.byteLength);
      return data;
    });
    assert.deepEqual(arrived, request);
    assert(parts.length > 4 && parts.every((bytes) => bytes <= 2 ** 22));
  });
});
