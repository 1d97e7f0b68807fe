import { strict as assert } from 'node:assert';
import { typeset } from '../../../extension/formula/typeset.ts';

describe('typesetting', () => {
  it('draws glyphs in the colour that is current, at the size it states', async () => {
    const { svg, width, height } = await typeset('\\frac{1}{n} \\sum_{i=1}^n (\\hat y_i - y_i)^2');
    assert.match(svg, new RegExp(`^<svg width="${width}" height="${height}"`));
    assert.match(svg, /fill="currentColor"/);
    assert.ok(svg.includes('<path') && !svg.includes('<text'), 'no font is needed to show it');
    assert.ok(width > height && height > 30);
  });

  it('scales a long formula down to the width of a hover', async () => {
    const { width } = await typeset(Array.from({ length: 60 }, (_, i) => `x_{${i}}`).join(' + '));
    assert.equal(width, 460);
  });

  it('loads the parts of the font that it needs', async () => {
    await assert.doesNotReject(typeset('\\mathcal{B}^{-1}(y) \\subset \\mathbb{R}, \\quad \\mathfrak{g}'));
  });

  it('refuses TeX that is wrong', async () => {
    await assert.rejects(typeset('\\frac{1}{'), /brace/i);
    await assert.rejects(typeset('\\nonsense x'), /nonsense/);
  });
});
