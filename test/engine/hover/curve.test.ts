import { strict as assert } from 'node:assert';
import type { Curve } from '../../../engine/catalogue.ts';
import { curve, losses, symbols } from '../../../engine/index.ts';
import { drawCurve } from '../../../extension/formula/curve.ts';

const residuals = Float64Array.from({ length: 201 }, (_, i) => (i - 100) / 20);
const squared: Curve = {
  xLabel: 'prediction − target',
  gradientLabel: '∂loss/∂prediction',
  series: [
    { label: '', x: residuals, loss: residuals.map((r) => r * r), gradient: residuals.map((r) => 2 * r) },
  ],
};

function paths(svg: string, names: string): string[] {
  return [...svg.matchAll(new RegExp(`<path class="${names}" d="([^"]+)"`, 'g'))].map((match) => match[1]!);
}

function points(path: string): [number, number][] {
  return [...path.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map((match) => [
    Number(match[1]),
    Number(match[2]),
  ]);
}

describe('the curve in a hover', () => {
  it('draws the loss solid and the gradient dashed, in the same place as the numbers', () => {
    const { svg } = drawCurve(squared);
    const [loss] = paths(svg, 'line s0');
    const [gradient] = paths(svg, 'line s0 gradient');
    const lossPoints = points(loss!);
    const middle = lossPoints.reduce((lowest, point) => (point[1] > lowest[1] ? point : lowest));
    assert.equal(middle[0], (lossPoints[0]![0] + lossPoints.at(-1)![0]) / 2, 'the minimum is in the middle');
    assert.equal(points(gradient!).length, 2, 'a straight line needs its two ends only');
    const [start, end] = points(gradient!);
    assert.ok(start![1] > end![1], 'the gradient rises (SVG counts downwards)');
  });

  it('marks 0 on both axes and says what they are', () => {
    const { svg } = drawCurve(squared);
    assert.equal([...svg.matchAll(/<text [^>]*>0<\/text>/g)].length, 2);
    for (const label of ['loss', '∂loss/∂prediction', 'prediction − target']) {
      assert.ok(svg.includes(`>${label}</text>`), label);
    }
  });

  it('has room for what the abscissa of every loss and symbol is called', () => {
    for (const name of [...losses.map(({ id }) => id), ...symbols.map((symbol) => symbol.name)]) {
      const drawn = curve(name);
      const { svg, width } = drawCurve(drawn);
      const [, at] = [...svg.matchAll(/<text x="([\d.]+)"[^>]*>([^<]*)</g)].find(
        ([, , text]) => text === drawn.xLabel,
      )!;
      // Fonts of user interfaces have about half of their size for a character.
      const half = (drawn.xLabel.length * 5.4) / 2;
      assert.ok(Number(at) - half >= 0 && Number(at) + half <= width, `${name}: ${drawn.xLabel}`);
    }
  });

  it('leaves a gap where a value is not finite and stays finite itself', () => {
    const x = Float64Array.of(0, 0.25, 0.5, 0.75, 1);
    const loss = Float64Array.of(Infinity, 1.4, NaN, 0.3, 0);
    const { svg } = drawCurve({
      xLabel: 'p',
      gradientLabel: 'g',
      series: [{ label: '', x, loss, gradient: Float64Array.of(-1e300, -4, -2, -1.3, -1) }],
    });
    const drawn = paths(svg, 'line s0')[0]!;
    assert.equal(drawn.match(/M/g)?.length, 2);
    assert.doesNotMatch(svg, /NaN|Infinity|e\+/);
  });

  it('keeps the loss readable when the gradient is steep', () => {
    const x = Float64Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
    const { svg } = drawCurve({
      xLabel: 'p',
      gradientLabel: 'g',
      series: [{ label: '', x, loss: x.map((p) => -Math.log(p)), gradient: x.map((p) => -1 / p) }],
    });
    const heights = points(paths(svg, 'line s0')[0]!).map(([, y]) => y);
    assert.ok(Math.max(...heights) - Math.min(...heights) > 50, 'the loss takes up most of its half');
  });

  it('names each of several series, in its own colour', () => {
    const [series] = squared.series;
    const two = {
      ...squared,
      series: [
        { ...series!, label: 'target 0' },
        { ...series!, label: 'target <1>' },
      ],
    };
    const { svg, alternative } = drawCurve(two);
    for (const label of ['target', '0', '&lt;1&gt;']) assert.ok(svg.includes(`>${label}</text>`), label);
    assert.equal(paths(svg, 'line s1').length, 1);
    assert.equal(paths(svg, 'line s1 gradient').length, 1);
    assert.match(alternative, /target 0: loss 25 with gradient −10 at −5, 0 with gradient 0 at 0/);
  });

  it('says the same in words', () => {
    assert.equal(
      drawCurve(squared).alternative,
      'Loss and ∂loss/∂prediction over prediction − target. ' +
        'Loss 25 with gradient −10 at −5, 0 with gradient 0 at 0, 25 with gradient 10 at 5.',
    );
  });

  it('refuses a curve without a finite value', () => {
    const nothing = Float64Array.of(NaN, NaN);
    const series = [{ label: '', x: Float64Array.of(0, 1), loss: nothing, gradient: nothing }];
    assert.throws(() => drawCurve({ xLabel: '', gradientLabel: '', series }), /finite/);
  });
});
