import assert from 'node:assert/strict';
import fc from 'fast-check';
import { array } from '../../../engine/array.ts';
import { reductionInWords } from '../../../engine/presentation/reduction.ts';
import { pageHtml } from '../../../extension/panel/html.ts';
import { keep, kept } from '../../../extension/panel/keep.ts';
import { complaint, scaleOf } from '../../../webview/controls/scale.ts';
import { exact, indexOf, rowOf, short } from '../../../webview/format.ts';
import { latest } from '../../../webview/latest.ts';
import { describe as inWords } from '../../../webview/plots/describe.ts';
import { horizontalDomain, place, verticalDomain } from '../../../webview/plots/domain.ts';
import { RowWindow } from '../../../webview/views/elements/window.ts';

describe('panel page', () => {
  const parts = {
    source: 'https://own.example',
    nonces: { script: 'n0nce', style: 'style' },
    script: 'https://own.example/webview.js',
    style: 'https://own.example/webview.css',
    language: 'en',
  };
  const html = pageHtml(parts);
  const policyOf = (page: string): string => /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;

  it('allows its own files and nothing else', () => {
    const policy = policyOf(html);
    assert(policy.startsWith("default-src 'none'; "));
    assert.doesNotMatch(policy, /unsafe|\*|data:|blob:/);
    for (const directive of policy.split('; ').slice(1)) {
      assert.match(
        directive,
        /^(script-src 'nonce-n0nce'|style-src https:\/\/own\.example 'nonce-style'|(font|img)-src https:\/\/own\.example)$/,
      );
    }
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.match(html, /<script type="module" nonce="n0nce" src="https:\/\/own\.example\/webview\.js">/);
  });

  it('may show images that it has drawn itself, where it draws any, and is allowed nothing else for that', () => {
    const policy = policyOf(pageHtml({ ...parts, paints: true }));
    assert.equal(policy.replace(' data:', ''), policyOf(html));
    assert.match(policy, /; img-src https:\/\/own\.example data:$/);
  });

  it('takes its words along in another language, as data that end no script', () => {
    const bundle = { Value: 'Wert</script><script>' };
    const page = pageHtml({ ...parts, language: 'de', bundle });
    assert.match(page, /<html lang="de">/);
    const words = /<script type="application\/json" id="words">(.*?)<\/script>/.exec(page)![1]!;
    assert.deepEqual(JSON.parse(words), bundle);
    assert.doesNotMatch(html, /application\/json/);
  });
});

describe('what is kept over a reload', () => {
  it('comes back as it was, in its dtypes, with the parameters as they stood last', () => {
    const inputs = {
      input: array(Float32Array.of(1.5, Number.NaN, -0)),
      target: array(BigInt64Array.of(1n, -100n, 2n ** 60n)),
    };
    const request = {
      loss: 'torch.nn.HuberLoss',
      inputs,
      parameters: { delta: Number.POSITIVE_INFINITY, reduction: 'sum' },
      source: { uri: 'file:///train.py', line: 3 },
    };
    const state = JSON.parse(JSON.stringify({ keep: keep(request), parameters: { reduction: 'mean' } }));
    assert.deepEqual(kept(state), {
      ...request,
      parameters: { delta: Number.POSITIVE_INFINITY, reduction: 'mean' },
    });
  });

  it('keeps a part of a larger buffer as that part', () => {
    const whole = Float64Array.of(9, 1, 2, 9);
    const inputs = { input: array(whole.subarray(1, 3)) };
    assert.deepEqual(
      kept({ keep: keep({ loss: 'hinge', inputs }) }).inputs.input!.data,
      Float64Array.of(1, 2),
    );
  });

  it('is refused with the size when it is too much, and when there is nothing', () => {
    const inputs = { input: array(new Float64Array(1_000_000)) };
    assert.throws(() => kept({ keep: keep({ loss: 'hinge', inputs }) }), /8 MB/);
    for (const nothing of [undefined, null, {}, { keep: 4 }])
      assert.throws(() => kept(nothing), /Evaluate the loss/);
  });
});

describe('reduction in words', () => {
  for (const [reduction, elements, denominator, reduced, words] of [
    ['mean', 6, 6, true, 'mean over 6 elements'],
    ['mean', 1, 1, true, 'mean over 1 element'],
    ['sum', 6, 1, true, 'sum over 6 elements'],
    ['none', 12_000, 1, false, 'not reduced: 12,000 elements'],
    ['mean', 6, 4.5, true, 'sum over 6 elements, divided by 4.5'],
    ['batchmean', 18, 6, true, 'sum over 18 elements, divided by the batch of 6'],
    ['sum_over_batch_size', 3, 3, true, 'mean over 3 elements'],
    [null, 3, Number.NaN, true, 'one number from 3 elements'],
  ] as const) {
    it(words, () => assert.equal(reductionInWords({ reduction, elements, denominator, reduced }), words));
  }
});

describe('numbers in the panel', () => {
  it('are exact: they read back as the same number in their dtype', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true }),
        (x) => Number(exact(x, 'float64').replace('inf', 'Infinity')) === x,
      ),
    );
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (x) => {
        // Not Object.is: a zero is shown without its sign.
        assert.ok(Math.fround(Number(exact(x, 'float32'))) === x, String(x));
      }),
    );
  });

  it('are spelled as the frameworks spell them', () => {
    assert.equal(exact(Math.fround(0.1), 'float32'), '0.1');
    assert.equal(exact(Number.NaN, 'float32'), 'nan');
    assert.equal(exact(Number.NEGATIVE_INFINITY, 'float64'), '-inf');
    assert.equal(exact(1, 'bool'), 'True');
    assert.equal(exact(2n ** 60n, 'int64'), '1152921504606846976');
    assert.equal(short(0.0000299106812, 'float32'), '2.991068e-5');
    assert.equal(short(123456789, 'int32'), '123456789');
  });

  it('index elements, and are found again by their index', () => {
    assert.equal(indexOf(7, [2, 5]), '[1, 2]');
    assert.equal(indexOf(7, [10]), '7');
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (shape, n) => {
          const row = n % shape.reduce((product, extent) => product * extent, 1);
          assert.equal(rowOf(indexOf(row, shape), shape), row);
        },
      ),
    );
    for (const wrong of ['', '10', '-1', '1, 2', 'x', '1.5'])
      assert.equal(rowOf(wrong, [10]), undefined, wrong);
  });
});

describe('latest', () => {
  it('never runs twice at once, drops what was overtaken and ends with the last', async () => {
    const runs: { readonly argument: number; readonly end: () => void }[] = [];
    const call = latest<number>((argument) => new Promise((end) => runs.push({ argument, end })));
    const begun = () => runs.map(({ argument }) => argument);
    const endLast = async () => {
      runs.at(-1)!.end();
      // Whatever follows from that without a timer has happened by then.
      await new Promise((resolve) => setImmediate(resolve));
    };
    for (let i = 0; i < 50; i++) call(i);
    assert.deepEqual(begun(), [0]);
    await endLast();
    assert.deepEqual(begun(), [0, 49]);
    call(50);
    assert.deepEqual(begun(), [0, 49]);
    await endLast();
    assert.deepEqual(begun(), [0, 49, 50]);
    await endLast();
    assert.deepEqual(begun(), [0, 49, 50]);
    call(51);
    assert.deepEqual(begun(), [0, 49, 50, 51]);
  });
});

describe('slider scale', () => {
  it('is linear between bounds, logarithmic around the default elsewhere, absent for whole numbers without bounds', () => {
    const linear = scaleOf({ minimum: 0, maximum: 1 }, 0)!;
    assert.deepEqual([linear.value(0), linear.value(50), linear.value(100)], [0, 0.5, 1]);
    const above = scaleOf({ above: 0 }, 1)!;
    assert.deepEqual(
      [above.value(0), above.value(above.steps / 2), above.value(above.steps)],
      [0.01, 1, 100],
    );
    const free = scaleOf({}, 2)!;
    assert.deepEqual([free.value(0), free.value(1), free.value(free.steps)], [0, 0.02, 200]);
    assert.deepEqual([free.range, free.position(2)], [[0.02, 200], 101]);
    for (const [bounds, standard, range] of [
      [{}, 0, [0, 1]],
      [{ maximum: 1 }, 0, [0, 1]],
      [{ minimum: 1 }, 1, [1, 2]],
      [{}, -3, [-6, 0]],
    ] as const) {
      const scale = scaleOf(bounds, standard)!;
      assert.deepEqual([scale.range, scale.value(0), scale.value(scale.steps)], [range, ...range]);
    }
    assert.equal(scaleOf({}, Number.POSITIVE_INFINITY), undefined);
    assert.equal(scaleOf({ integer: true, minimum: 0 }, 1), undefined);
  });

  it('gives only values that the bounds allow, and finds its place again', () => {
    for (const bounds of [
      { above: 0 },
      { minimum: 0, maximum: 1 },
      { above: 0, maximum: 2 },
      { above: -1, maximum: 1 },
      { minimum: 0.5 },
      {},
    ]) {
      const scale = scaleOf(bounds, 1)!;
      for (let position = 0; position <= scale.steps; position++) {
        assert.equal(complaint(scale.value(position), bounds), undefined);
        assert(Math.abs(scale.position(scale.value(position)) - position) <= 1);
      }
    }
  });

  it('complains in words', () => {
    assert.equal(complaint(0, { above: 0 }), 'must be greater than 0');
    assert.equal(complaint(Number.NaN, { minimum: 0 }), 'must be at least 0');
    assert.equal(complaint(1.5, { integer: true }), 'must be a whole number');
    assert.equal(complaint(2, { maximum: 1 }), 'must be at most 1');
  });
});

describe('rows in view', () => {
  it('reaches every row of ten million, and scrolls by single rows', () => {
    const window = new RowWindow(24);
    window.total = 10_000_000;
    window.visible = 14;
    assert(window.height < 33_000_000);
    window.scrolled(window.height - 14 * 24);
    assert.equal(window.top, window.total - 14);
    window.moveTo(window.top - 1);
    assert.equal(window.top, window.total - 15);
    window.moveTo(-5);
    assert.deepEqual([window.top, window.offset], [0, 0]);
  });

  it('keeps the scrollbar where it was left, to the row, while rows have pixels of their own', () => {
    const window = new RowWindow(24);
    window.total = 10_000;
    window.visible = 14;
    for (const row of [0, 1, 5000, 9986]) {
      window.moveTo(row);
      const { offset } = window;
      window.moveTo(0);
      window.scrolled(offset);
      assert.equal(window.top, row);
    }
  });

  it('does not scroll what fits', () => {
    const window = new RowWindow(24);
    window.total = window.visible = 6;
    window.scrolled(50);
    assert.deepEqual([window.top, window.offset, window.last], [0, 0, 0]);
  });
});

describe('plotted range', () => {
  const x = Float64Array.from({ length: 201 }, (_, i) => i / 200);

  it('shows a whole parabola, and cuts a pole off', () => {
    const [low, high] = verticalDomain(
      x.map((v) => v * v),
      [],
    );
    assert(low < 0 && low > -0.1 && high > 1 && high < 1.1);
    const [, cut] = verticalDomain(
      x.map((v) => 1 / v),
      [],
    );
    assert(cut < 60);
  });

  it('makes room for points that are near, not for those far off', () => {
    assert.deepEqual(horizontalDomain([-3, 3], [4, -8]), [-8, 4]);
    assert.deepEqual(horizontalDomain([-3, 3], [400]), [-3, 3]);
    assert.deepEqual(horizontalDomain([], [Number.NaN]), [-1, 1]);
    for (const strange of [[], [Number.NaN], [2, 2], [Number.POSITIVE_INFINITY]]) {
      const [low, high] = verticalDomain(strange, []);
      assert(low < high);
    }
  });

  it('puts points beyond it on its edge, as arrows, and leaves out those without a place', () => {
    const placed = place(
      Float64Array.of(0, 9, 0, 0, Number.NaN),
      Float64Array.of(0, 0, Number.POSITIVE_INFINITY, -7, 0),
      [-1, 1],
      [-1, 1],
    );
    assert.deepEqual(placed, [
      { x: 0, y: 0, beyond: undefined, point: 0 },
      { x: 1, y: 0, beyond: 90, point: 1 },
      { x: 0, y: 1, beyond: 0, point: 2 },
      { x: 0, y: -1, beyond: 180, point: 3 },
    ]);
  });
});

describe('plot in words', () => {
  it('tells the course of each series and where the points are', () => {
    const curve = {
      xLabel: 'input − target',
      gradientLabel: '∂loss/∂input',
      series: [
        {
          label: '',
          x: Float64Array.of(-1, 0, 1),
          loss: Float64Array.of(1, 0, 1),
          gradient: Float64Array.of(-2, 0, 2),
        },
      ],
    };
    const points = {
      x: Float64Array.of(0.5, -0.5),
      loss: Float64Array.of(0.25, 0.5),
      gradient: Float64Array.of(1, -1),
      index: Float64Array.of(0, 1),
    };
    assert.equal(
      inWords('loss', curve, points),
      'Loss over input − target. From 1 at -1 to 0 at 0 to 1 at 1. Your 2 elements lie between 0.25 and 0.5.',
    );
    assert.equal(
      inWords('gradient', curve, undefined),
      '∂loss/∂input over input − target. From -2 at -1 to 2 at 1.',
    );
  });
});
