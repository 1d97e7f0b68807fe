import assert from 'node:assert/strict';
import { array, type NdArray, type TypedArray } from '../../../engine/array.ts';
import type { EvaluateRequest } from '../../../engine/evaluation.ts';
import * as engine from '../../../engine/node.ts';
import {
  blockOf,
  blockStart,
  divisionOf,
  edgesOf,
  extremes,
  histogram,
  means,
  middleOf,
  modes,
  rangeOf,
} from '../../../engine/presentation/plots/binning.ts';
import {
  type Bars,
  type Bins,
  type Grid,
  type Lines,
  mostBytes,
  type Plot,
  type PlotId,
} from '../../../engine/presentation/plots/figure.ts';
import { Session } from '../../../engine/presentation/session.ts';
import { passed, shipped } from '../panel/channel.ts';

/** Numbers without an order, always the same. */
function noise(length: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  });
}

const scaled = (shape: number[], seed: number, f = (x: number) => x): NdArray =>
  array(
    noise(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ).map(f),
    { shape },
  );
const labels = (shape: number[], classes: number, seed: number): NdArray =>
  array(
    BigInt64Array.from(
      noise(
        shape.reduce((a, b) => a * b, 1),
        seed,
      ),
      (x) => BigInt(Math.floor(x * classes)),
    ),
    { shape },
  );

async function evaluated(request: EvaluateRequest): Promise<{
  ids: PlotId[];
  plot: (id: PlotId, slice?: number, row?: number) => Promise<Plot>;
}> {
  const session = new Session(engine, request, { title: '', keep: '', backend: 'auto' });
  const { run, plots } = await session.evaluate({});
  return {
    ids: plots.map(({ id }) => id),
    plot: async (id, slice = 0, row) =>
      passed(await session.plot({ run, id, slice, ...(row !== undefined && { row }) })),
  };
}

const numbers = (data: TypedArray): number[] => Array.from<number | bigint, number>(data, Number);

describe('binning', () => {
  it('counts every finite number once, in the bin whose edges it lies between', () => {
    const data = Float64Array.from([...noise(5000, 3), 0, 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]);
    const range = rangeOf(data);
    assert.deepEqual([range.low, range.high, range.finite, range.zeros], [0, 1, 5003, 1]);
    for (const bins of [1, 7, 50]) {
      const edges = edgesOf(range, bins);
      const { counts, first } = histogram(data, edges);
      const expected = Array.from({ length: bins }, (_, b) =>
        [...data].filter((x) => x >= edges[b]! && (b === bins - 1 ? x <= edges[b + 1]! : x < edges[b + 1]!)),
      );
      assert.deepEqual(
        [...counts],
        expected.map(({ length }) => length),
      );
      assert.deepEqual(
        [...first],
        expected.map(([one]) => (one === undefined ? -1 : data.indexOf(one))),
      );
    }
  });

  it('counts many as it counts few, wherever the first of a bin stands and however many lie on an edge', () => {
    const clipped = Float32Array.from(noise(5000, 8), (x) => Math.min(1, Math.max(-1, 4 * x - 2)));
    clipped[4321] = 1.5;
    const narrow = Float64Array.from(noise(3000, 9), (x) => 1e6 + Math.floor(3 * x) * 2 ** -33);
    for (const data of [clipped, narrow, clipped.slice(0, 3), new Float32Array(0)]) {
      for (const edges of [edgesOf(rangeOf(data), 50), Float64Array.of(-0.5, 0, 0.5)]) {
        const own = histogram(data, edges);
        assert.deepEqual(
          own,
          histogram(data, edges, () => true),
        );
        own.first.forEach((first, bin) => {
          assert.equal(own.counts[bin] === 0, first < 0);
        });
      }
    }
  });

  it('puts equal numbers into one bin around them', () => {
    const edges = edgesOf(rangeOf(Float32Array.of(3, 3, 3)), 50);
    assert.deepEqual([...edges], [1.5, 4.5]);
    assert.deepEqual([...histogram(Float32Array.of(3, 3, 3), edges).counts], [3]);
    assert.deepEqual([...histogram(Float32Array.of(Number.NaN, 9), edges).counts], [0]);
  });

  it('divides a sheet into blocks that cover it once', () => {
    const [rows, columns] = [53, 37];
    const data = noise(rows * columns, 5).map((x) => Math.floor(9 * x) - 4);
    const sheet = { data, start: 0, rows, columns, rowStep: columns, columnStep: 1 };
    const division = divisionOf(sheet, 10, 50);
    assert.deepEqual(division, { height: 10, width: 37 });
    const blocks: number[][] = Array.from({ length: 370 }, () => []);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        blocks[blockOf(r, 10, rows) * 37 + blockOf(c, 37, columns)]!.push(data[r * columns + c]!);
      }
    }
    const mean = means(sheet, division);
    const { values, places } = extremes(sheet, division);
    const mode = modes(sheet, division);
    for (const [b, block] of blocks.entries()) {
      assert.equal(mean[b], Math.fround(block.reduce((sum, x) => sum + x, 0) / block.length));
      assert.equal(Math.abs(values[b]!), Math.max(...block.map(Math.abs)));
      assert.equal(data[places[b]!], values[b]);
      const frequency = (x: number): number => block.filter((y) => y === x).length;
      assert.equal(frequency(mode[b]!), Math.max(...block.map(frequency)));
    }
    for (let r = 0; r < rows; r++) {
      const b = blockOf(r, 10, rows);
      assert(blockStart(b, 10, rows) <= r && r < blockStart(b + 1, 10, rows));
      assert.equal(blockOf(middleOf(b, 10, rows), 10, rows), b);
    }
  });

  it('shows a number that is not finite before all others', () => {
    const data = Float32Array.of(1, Number.NaN, 7, 2);
    const sheet = { data, start: 0, rows: 2, columns: 2, rowStep: 2, columnStep: 1 };
    const { values, places } = extremes(sheet, { height: 1, width: 1 });
    assert(Number.isNaN(values[0]));
    assert.equal(places[0], 1);
  });
});

describe('plots of an evaluation', () => {
  after(() => engine.dispose());

  it('are those that suit the loss, its shapes and its data', async () => {
    const offered = async (request: EvaluateRequest): Promise<string> =>
      (await evaluated(request)).ids.join(' ');
    const line = { input: scaled([9], 1), target: scaled([9], 2) };
    assert.equal(
      await offered({ loss: 'torch.nn.MSELoss', inputs: line }),
      'gradient-histogram loss-histogram',
    );
    assert.equal(
      await offered({
        loss: 'torch.nn.CrossEntropyLoss',
        inputs: { input: scaled([9, 4], 1), target: labels([9], 4, 2) },
      }),
      'classes gradient-histogram gradient-map loss-histogram',
    );
    const single = { input: array([1]), target: array([2]) };
    assert.equal(await offered({ loss: 'torch.nn.MSELoss', inputs: single }), '');
    const several = { y_true: scaled([9, 3], 1, Math.round), y_pred: scaled([9, 3], 2) };
    assert.doesNotMatch(
      await offered({ loss: 'keras.losses.BinaryCrossentropy', inputs: several }),
      /classes/,
    );
    assert.match(
      await offered({ loss: 'gan-generator', inputs: { fake: scaled([9], 1) } }),
      /^scores gradient-histogram loss-histogram$/,
    );
  });

  it('counts the gradient and the losses as their own numbers lie', async () => {
    const inputs = { input: scaled([1000], 1), target: scaled([1000], 2) };
    const { plot } = await evaluated({ loss: 'torch.nn.MSELoss', inputs });
    const { elements, gradients } = await engine.evaluate({
      loss: 'torch.nn.MSELoss',
      inputs,
      gradients: ['input'],
      elements: true,
    });
    for (const [id, data] of [
      ['gradient-histogram', gradients.input!.data],
      ['loss-histogram', elements!.data],
    ] as const) {
      const [figure] = (await plot(id, 0, 17)).figures as [Bins];
      const [{ counts, rows }] = figure.series as [Bins['series'][0]];
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        1000,
      );
      // Both libraries' backends round the last place as they like.
      assert(Math.abs(figure.edges[0]! - Math.min(...numbers(data))) < 1e-9);
      assert(Math.abs(figure.marked[0]! - Number(data[17])) < 1e-9);
      for (const [bin, row] of rows.entries()) {
        if (row < 0) continue;
        const own = Number(data[row]);
        assert(own >= figure.edges[bin]! - 1e-9 && own <= figure.edges[bin + 1]! + 1e-9);
      }
    }
  });

  it('takes the mean loss and gradient of each class', async () => {
    const inputs = { input: scaled([200, 5], 1, (x) => 4 * x), target: labels([200], 5, 2) };
    const request = { loss: 'torch.nn.CrossEntropyLoss', inputs };
    const { elements, gradients } = await engine.evaluate({
      ...request,
      gradients: ['input'],
      elements: true,
    });
    const [loss, gradient] = (await (await evaluated(request)).plot('classes', 0, 3)).figures as [Bars, Bars];
    const target = numbers(inputs.target.data);
    for (const [bar, name] of loss.names.entries()) {
      const own = [...target.keys()].filter((row) => target[row] === Number(name));
      const mean = (of: (row: number) => number): number =>
        own.reduce((sum, row) => sum + of(row), 0) / own.length;
      const size = (row: number): number =>
        [0, 1, 2, 3, 4].reduce((sum, k) => sum + Math.abs(Number(gradients.input!.data[5 * row + k])), 0);
      assert.equal(loss.counts[bar], own.length);
      assert(Math.abs(loss.heights[bar]! - mean((row) => Number(elements!.data[row]))) < 1e-6);
      assert(Math.abs(gradient.heights[bar]! - mean(size)) < 1e-9);
      const worst = own.reduce((a, b) => (Number(elements!.data[b]) > Number(elements!.data[a]) ? b : a));
      assert.equal(loss.rows[bar], worst);
    }
    assert.equal(loss.names[loss.marked[0]!], String(target[3]));
  });

  it('takes the class of one-hot and soft targets where they are largest', async () => {
    const target = Float32Array.from({ length: 60 }, (_, i) => (Math.floor(i / 3) % 3 === i % 3 ? 0.8 : 0.1));
    const inputs = { y_pred: scaled([20, 3], 1), y_true: array(target, { shape: [20, 3] }) };
    const { plot } = await evaluated({ loss: 'keras.losses.CategoricalCrossentropy', inputs });
    const [{ names, counts }] = (await plot('classes')).figures as [Bars];
    assert.deepEqual(
      [names, [...counts]],
      [
        ['0', '1', '2'],
        [7, 7, 6],
      ],
    );
  });

  it('maps the gradient in blocks that show their extreme and lead to its row', async () => {
    const inputs = { input: scaled([300, 150], 1), target: scaled([300, 150], 2) };
    const request = { loss: 'torch.nn.MSELoss', inputs };
    const { gradients } = await engine.evaluate({ ...request, gradients: ['input'] });
    const { plot } = await evaluated(request);
    const [grid] = (await plot('gradient-map', 0, 150 * 299 + 149)).figures as [Grid];
    assert.deepEqual(grid.extents, [300, 150]);
    const rows = grid.rows as Float64Array;
    for (let cell = 0; cell < grid.values.length; cell += 101) {
      assert(Math.abs(Number(gradients.input!.data[rows[cell]!]) - grid.values[cell]!) < 1e-10);
      const [r, c] = [Math.floor(rows[cell]! / 150), rows[cell]! % 150];
      assert.equal(blockOf(r, grid.height, 300) * grid.width + blockOf(c, grid.width, 150), cell);
    }
    const largest = Math.max(...numbers(gradients.input!.data).map(Math.abs));
    assert(Math.abs(Math.max(...grid.values.map(Math.abs)) - largest) < 1e-10);
    assert.deepEqual([...grid.marked], [grid.values.length - 1]);
  });

  it('lays masks over each other as the loss does, after its own activation', async () => {
    const shape = [2, 3, 8, 9];
    const logits = scaled(shape, 1, (x) => 8 * x - 4);
    const inputs = { y_pred: logits, y_true: labels([2, 8, 9], 3, 2) };
    const { plot } = await evaluated({
      loss: 'segmentation_models_pytorch.losses.DiceLoss',
      inputs,
      parameters: { mode: 'multiclass' },
    });
    // The second sample's third class.
    const { figures, slice } = await plot('images', 5);
    assert.deepEqual(slice, { label: 'image', count: 6, shown: 5 });
    const [prediction, target, overlap, error] = figures as Grid[];
    for (let i = 0; i < 72; i++) {
      const at = (c: number): number => Math.exp(Number(logits.data[(3 + c) * 72 + i]));
      const probability = at(2) / (at(0) + at(1) + at(2));
      const truth = Number(inputs.y_true.data[72 + i]) === 2 ? 1 : 0;
      assert(Math.abs(prediction!.values[i]! - probability) < 1e-6);
      assert.equal(target!.values[i], truth);
      assert(Math.abs(error!.values[i]! - (probability - truth)) < 1e-6);
      assert.equal(overlap!.values[i], probability >= 0.5 ? (truth ? 1 : 3) : truth ? 2 : 0);
    }
  });

  it('takes the channels of an image from where its framework has them', async () => {
    const shape = [2, 7, 6, 3];
    const inputs = { y_true: scaled(shape, 1), y_pred: scaled(shape, 2) };
    const { plot } = await evaluated({ loss: 'keras.losses.MeanSquaredError', inputs });
    // The second image's third channel.
    for (const id of ['images', 'gradient-map'] as const) {
      const { figures, slice } = await plot(id, 5);
      const [first] = figures as Grid[];
      assert.deepEqual([slice!.count, first!.extents], [6, [7, 6]]);
      if (id === 'gradient-map') continue;
      for (let i = 0; i < 42; i++) {
        assert.equal(first!.values[i], Number(inputs.y_pred.data[126 + 3 * i + 2]));
      }
    }
  });

  it('compares the likeliest class of each pixel with its label, and leads to its row', async () => {
    const inputs = { input: scaled([2, 4, 100, 70], 1), target: labels([2, 100, 70], 4, 2) };
    const row = 7000 + 70 * 99 + 69;
    const { figures } = await (await evaluated({ loss: 'torch.nn.CrossEntropyLoss', inputs })).plot(
      'images',
      1,
      row,
    );
    const [prediction, , error] = figures as Grid[];
    assert.deepEqual([prediction!.height, prediction!.width], [64, 64]);
    assert.deepEqual(prediction!.rows, { start: 7000, line: 70, column: 1 });
    assert.deepEqual([...prediction!.marked], [64 * 64 - 1]);
    let wrong = 0;
    for (let i = 0; i < 7000; i++) {
      const scores = [0, 1, 2, 3].map((c) => Number(inputs.input.data[(4 + c) * 7000 + i]));
      if (scores.indexOf(Math.max(...scores)) !== Number(inputs.target.data[7000 + i])) wrong++;
    }
    const total = error!.values.reduce((sum, share, cell) => {
      const rows =
        blockStart(Math.floor(cell / 64) + 1, 64, 100) - blockStart(Math.floor(cell / 64), 64, 100);
      const columns = blockStart((cell % 64) + 1, 64, 70) - blockStart(cell % 64, 64, 70);
      return sum + share * rows * columns;
    }, 0);
    assert(Math.abs(total - wrong) < 1e-2);
  });

  it("measures triplets by each framework's own distance", async () => {
    const [anchor, positive, negative] = [1, 2, 3].map((seed) => scaled([40, 3], seed));
    const squared = (a: NdArray, b: NdArray, row: number): number =>
      [0, 1, 2].reduce((sum, k) => sum + (Number(a.data[3 * row + k]) - Number(b.data[3 * row + k])) ** 2, 0);
    for (const [loss, distance] of [
      ['triplet', (d: number) => d],
      ['torch.nn.TripletMarginLoss', Math.sqrt],
    ] as const) {
      const inputs = { anchor: anchor!, positive: positive!, negative: negative! };
      const { plot } = await evaluated({ loss, inputs, parameters: { margin: 0.3 } });
      const [scatter] = (await plot('distances', 0, 7)).figures as [Lines, Bins];
      let seen = 0;
      for (const [group, { x, y, rows }] of scatter.points.entries()) {
        for (const [i, row] of rows.entries()) {
          const [p, n] = [
            distance(squared(anchor!, positive!, row)),
            distance(squared(anchor!, negative!, row)),
          ];
          assert(Math.abs(x[i]! - p) < 1e-5 && Math.abs(y[i]! - n) < 1e-5);
          assert.equal(p - n + 0.3 > 0, group === 0);
          seen++;
        }
      }
      assert.equal(seen, 40);
      const marked = scatter.points.flatMap(({ rows, marked: places }) => [...places].map((i) => rows[i]));
      assert.deepEqual(marked, [7]);
    }
  });

  it('holds similar and dissimilar pairs against the margin', async () => {
    const label = scaled([50], 4, Math.round);
    const inputs = { first: scaled([50, 4], 1), second: scaled([50, 4], 2), label };
    const { plot } = await evaluated({ loss: 'contrastive', inputs, parameters: { margin: 0.7 } });
    const { figures, findings } = await plot('distances');
    const [{ series, rules }] = figures as [Bins];
    const similar = numbers(label.data).filter((y) => y === 1).length;
    const totals = series.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
    assert.deepEqual(totals, [similar, 50 - similar]);
    assert.deepEqual(
      rules.map(({ label: name, at }) => [name, at[0]]),
      [['margin', 0.7]],
    );
    assert.match(findings, new RegExp(`^${similar} similar pairs: distance from 0\\.`));
  });

  it('draws what a score costs the players from their own losses', async () => {
    const inputs = {
      real: scaled([30], 1, (x) => 0.1 + 0.8 * x),
      fake: scaled([20], 2, (x) => 0.1 + 0.8 * x),
    };
    const { plot } = await evaluated({ loss: 'gan-discriminator', inputs });
    const [curves, spread] = (await plot('scores')).figures as [Lines, Bins];
    const terms: ((p: number) => number)[] = [
      (p) => -Math.log(p),
      (p) => -Math.log1p(-p),
      (p) => Math.log1p(-p),
      (p) => -Math.log(p),
    ];
    for (const [i, term] of terms.entries()) {
      const { x, y } = curves.series[i]!;
      for (let k = 0; k < x.length; k += 20) assert(Math.abs(y[k]! - term(x[k]!)) < 1e-12);
    }
    const [real, fake] = curves.points;
    for (const [k, p] of real!.x.entries()) assert(Math.abs(real!.y[k]! - terms[0]!(p)) < 1e-5);
    for (const [k, p] of fake!.x.entries()) assert(Math.abs(fake!.y[k]! - terms[1]!(p)) < 1e-5);
    assert.deepEqual(
      spread.series.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0)),
      [30, 20],
    );
  });

  it('shows the posteriors of a CTC loss, whose frames add up to 1', async () => {
    const inputs = {
      logits: scaled([12, 2, 4], 1, (x) => 6 * x),
      target: array(BigInt64Array.of(1n, 2n, 3n, 3n), { shape: [2, 2] }),
      inputLength: array(BigInt64Array.of(12n, 8n)),
      targetLength: array(BigInt64Array.of(2n, 2n)),
    };
    const { plot, ids } = await evaluated({ loss: 'ctc', inputs });
    assert.equal(ids[0], 'alignment');
    const { figures, slice } = await plot('alignment', 1);
    assert.deepEqual(slice, { label: 'sample', count: 2, shown: 1 });
    const [grid] = figures as [Grid];
    assert.deepEqual(grid.extents, [4, 12]);
    for (let frame = 0; frame < 12; frame++) {
      const total = [0, 1, 2, 3].reduce((sum, c) => sum + grid.values[c * 12 + frame]!, 0);
      assert(Math.abs(total - (frame < 8 ? 1 : 0)) < 1e-6);
    }
    // The marked row is a sample.
    assert.equal((await plot('alignment', 0, 1)).slice!.shown, 1);
  });

  it('shows a transport plan that moves all the mass', async () => {
    const inputs = { first: scaled([30], 1), second: scaled([40], 2) };
    const { plot } = await evaluated({ loss: 'earth-movers-distance', inputs });
    const [grid] = (await plot('transport')).figures as [Grid];
    for (let from = 0; from < 30; from++) {
      const mass = grid.values.slice(40 * from, 40 * from + 40).reduce((sum, x) => sum + x, 0);
      assert(Math.abs(mass - 1 / 30) < 1e-6);
    }
  });

  it('are small, however large the arrays', async () => {
    const cases: EvaluateRequest[] = [
      {
        loss: 'torch.nn.CrossEntropyLoss',
        inputs: { input: scaled([2, 21, 200, 200], 1), target: labels([2, 200, 200], 21, 2) },
      },
      {
        loss: 'dice',
        inputs: { prediction: scaled([300, 400], 1), target: scaled([300, 400], 2, Math.round) },
      },
      {
        loss: 'torch.nn.MSELoss',
        inputs: { input: scaled([1000, 1000], 1), target: scaled([1000, 1000], 2) },
      },
      {
        loss: 'triplet',
        inputs: {
          anchor: scaled([5000, 8], 1),
          positive: scaled([5000, 8], 2),
          negative: scaled([5000, 8], 3),
        },
      },
      { loss: 'earth-movers-distance', inputs: { first: scaled([900], 1), second: scaled([900], 2) } },
    ];
    for (const request of cases) {
      const { ids, plot } = await evaluated(request);
      for (const id of ids) {
        shipped();
        await plot(id, 0, 1);
        const bytes = shipped();
        assert(bytes < mostBytes, `${id} of ${request.loss} is ${bytes} bytes`);
      }
    }
  });

  it('belong to the latest evaluation', async () => {
    const inputs = { input: scaled([9], 1), target: scaled([9], 2) };
    const session = new Session(
      engine,
      { loss: 'torch.nn.HuberLoss', inputs },
      { title: '', keep: '', backend: 'auto' },
    );
    const { run } = await session.evaluate({});
    await session.evaluate({ delta: 0.1 });
    await assert.rejects(session.plot({ run, id: 'loss-histogram', slice: 0 }), { name: 'StaleError' });
  });
});
