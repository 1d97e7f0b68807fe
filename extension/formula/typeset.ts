/** TeX to SVG, at build time: MathJax never ships. */
import { liteAdaptor } from '@mathjax/src/js/adaptors/liteAdaptor.js';
import { RegisterHTMLHandler } from '@mathjax/src/js/handlers/html.js';
import '@mathjax/src/js/input/tex/ams/AmsConfiguration.js';
import '@mathjax/src/js/input/tex/base/BaseConfiguration.js';
import { TeX } from '@mathjax/src/js/input/tex.js';
import { mathjax } from '@mathjax/src/js/mathjax.js';
import { SVG } from '@mathjax/src/js/output/svg.js';
import '@mathjax/src/js/util/asyncLoad/esm.js';
import type { Picture } from '../pages.ts';

/** CSS pixels an em: a little above the hover's text, as sub- and superscripts are small. */
const em = 16;
/** What a hover is wide enough for. */
const widest = 460;
const unitsPerEm = 1000;

const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
const document = mathjax.document('', {
  InputJax: new TeX({
    packages: ['base', 'ams'],
    formatError: (_: unknown, { message }: { readonly message: string }) => {
      throw new Error(message);
    },
  }),
  OutputJax: new SVG({ fontCache: 'local' }),
});

/**
 * The formula drawn in `currentColor`.
 * @param tex display mathematics, base and AMS commands
 * @throws Error with MathJax's reason when the TeX is wrong
 */
export async function typeset(tex: string): Promise<Omit<Picture, 'alternative'>> {
  const container = await document.convertPromise(tex, { display: true });
  const svg = adaptor.innerHTML(container);
  const viewBox = /viewBox="([^"]+)"/.exec(svg)?.[1]?.split(' ').map(Number);
  const [, , unitsWide, unitsHigh] = viewBox ?? [];
  if (!unitsWide || !unitsHigh) throw new Error(`MathJax drew nothing for ${tex}`);
  const scale = Math.min(em / unitsPerEm, widest / unitsWide);
  const width = Math.round(unitsWide * scale);
  const height = Math.ceil(unitsHigh * scale);
  return { svg: bare(svg).replace('<svg', `<svg width="${width}" height="${height}"`), width, height };
}

/** Without what only MathJax's own page needs: a third of the bytes. */
function bare(svg: string): string {
  return svg
    .replaceAll(/ (?:data-[\w-]+|aria-[\w-]+|role|focusable|xmlns:xlink)="[^"]*"/g, '')
    .replace(/<svg[^>]*>/, (root) => root.replaceAll(/ (?:style|width|height)="[^"]*"/g, ''))
    .replaceAll('xlink:href', 'href');
}
