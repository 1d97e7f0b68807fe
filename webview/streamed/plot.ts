/** The loss of each part over the rows, with the loss of all. */
import { t } from '@vscode/l10n';
import type { Shown } from '../../extension/streamed/protocol.ts';
import { h } from '../dom.ts';
import { grouped, short } from '../format.ts';
import { Plot } from '../libraries/index.ts';
import { withoutStyle } from '../plots/drawing.ts';

export function partsPlot(
  { start, rows, value }: Shown['parts'],
  whole: number,
  dtype: Shown['dtype'],
): HTMLElement {
  const frame = h('figure', { class: 'plot-frame' });
  // A step for each part: its loss at its first row and behind its last.
  const steps = Array.from(value, (loss, i) => [
    { row: start[i]!, loss },
    { row: start[i]! + rows[i]!, loss },
  ]).flat();
  const finite = Array.from(value).filter(Number.isFinite);
  const draw = (width: number): void => {
    if (finite.length === 0) return;
    const drawn = withoutStyle(
      Plot.plot({
        className: 'plot',
        width,
        height: 240,
        marginLeft: 64,
        marginTop: 28,
        marginBottom: 40,
        marks: [
          Plot.gridY({ strokeOpacity: 0.15 }),
          Plot.axisX({ label: t('row'), tickFormat: 's', ticks: Math.max(2, Math.floor(width / 110)) }),
          Plot.axisY({ label: t('loss of the part') }),
          Plot.ruleY(Number.isFinite(whole) ? [whole] : [], {
            stroke: 'var(--series-2)',
            strokeDasharray: '6 3',
          }),
          Plot.lineY(steps, { x: 'row', y: 'loss', stroke: 'var(--series-1)', strokeWidth: 1.5 }),
        ],
      }),
    );
    drawn.setAttribute('role', 'img');
    drawn.setAttribute('aria-label', described(finite, whole, value.length, dtype));
    frame.replaceChildren(drawn);
  };
  new ResizeObserver(([entry]) => draw(Math.max(160, Math.floor(entry!.contentRect.width)))).observe(frame);
  return h(
    'div',
    { class: 'plots' },
    h(
      'ul',
      { class: 'legend', 'aria-label': t('Legend') },
      h('li', { class: 'legend-part' }, t('loss of each part')),
      h('li', { class: 'legend-whole' }, t('loss of all rows')),
    ),
    frame,
  );
}

function described(finite: readonly number[], whole: number, count: number, dtype: Shown['dtype']): string {
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return t`Loss of ${grouped(count)} parts along the rows: from ${short(low, dtype, 4)} to ${short(high, dtype, 4)}, of all rows ${short(whole, dtype, 4)}.`;
}
