/** A figure of a plot on the page: caption, legend, drawing. Redrawn as the page's width and the theme change. */
import { t } from '@vscode/l10n';
import type { Figure } from '../../extension/panel/protocol.ts';
import { h } from '../dom.ts';
import { drawBars } from './bars.ts';
import { drawBins } from './bins.ts';
import type { Drawing, Sketch } from './drawing.ts';
import { drawGrid } from './grid.ts';
import { drawLines } from './lines.ts';
import { picking } from './picking.ts';

export function draw(figure: Figure, sketch: Sketch): Drawing {
  switch (figure.mark) {
    case 'bins':
      return drawBins(figure, sketch);
    case 'bars':
      return drawBars(figure, sketch);
    case 'grid':
      return drawGrid(figure, sketch);
    case 'lines':
      return drawLines(figure, sketch);
  }
}

/** @param words what there is to see in it, for who does not see it */
export function figureView(
  figure: Figure,
  sketch: Sketch,
  words: string,
  chooseRow: (row: number) => void,
): HTMLElement {
  const { svg, legend, targets } = draw(figure, sketch);
  const view = picking(svg, targets, words, (target) => chooseRow(targets.row(target)));
  return h(
    'figure',
    { class: `figure figure-${figure.mark}` },
    h('figcaption', { class: 'figure-caption' }, figure.caption),
    legend.length > 0 && h('ul', { class: 'legend', 'aria-label': t('Legend') }, ...legend),
    view,
  );
}
