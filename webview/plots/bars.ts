/** A number for each class. */
import { t } from '@vscode/l10n';
import type { Bars } from '../../extension/panel/protocol.ts';
import { h } from '../dom.ts';
import { elementsText, short } from '../format.ts';
import { Plot } from '../libraries/index.ts';
import { type Drawing, heightAxis, type Sketch, withoutStyle } from './drawing.ts';
import { fieldSwatch } from './looks.ts';
import { inOrder } from './picking.ts';

export function drawBars({ names, heights, counts, rows, marked, x, y }: Bars, { width }: Sketch): Drawing {
  const finite = [...heights].filter(Number.isFinite);
  const domain = [Math.min(0, ...finite), Math.max(0, ...finite)] as const;
  const isMarked = (bar: number): boolean => marked.includes(bar);
  const bars = names.map((name, bar) => ({
    name,
    height: Number.isFinite(heights[bar]!) ? heights[bar]! : 0,
  }));
  // Names that would run into each other are left out, evenly.
  const every = Math.ceil((names.length * 9 * Math.max(...names.map(({ length }) => length))) / width);
  const drawing = withoutStyle(
    Plot.plot({
      className: 'plot',
      width,
      height: Math.round(Math.min(260, Math.max(180, width * 0.34))),
      marginLeft: 56,
      marginRight: 14,
      marginTop: 28,
      marginBottom: 40,
      x: { domain: [...names], padding: names.length > 12 ? 0.15 : 0.3 },
      y: { domain: domain[0] === domain[1] ? [0, 1] : [...domain], nice: 5 },
      marks: [
        Plot.gridY({ stroke: 'var(--grid)', strokeOpacity: 1, ticks: 5 }),
        Plot.barY(bars, {
          x: 'name',
          y: 'height',
          fill: (_: unknown, bar: number) => (isMarked(bar) ? 'var(--marked)' : 'var(--series-1)'),
          fillOpacity: 0.75,
        }),
        Plot.ruleY([0], { stroke: 'var(--axis)' }),
        Plot.axisX({
          anchor: 'bottom',
          label: x.label,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 34,
          tickSize: 0,
          ticks: names.filter((_, bar) => bar % Math.max(1, every) === 0),
        }),
        heightAxis(y.label),
      ],
      color: { type: 'identity' },
    }),
  );
  const scales = drawing as unknown as {
    scale(name: 'x'): { apply(name: string): number; bandwidth: number };
    scale(name: 'y'): { apply(value: number): number };
  };
  const [across, up] = [scales.scale('x'), scales.scale('y')];
  const left = (bar: number): number => across.apply(names[bar]!);
  return {
    svg: drawing,
    legend:
      marked.length > 0
        ? [h('li', {}, fieldSwatch('var(--marked)'), t('class of the element you look at'))]
        : [],
    targets: {
      count: names.length,
      text: (bar) =>
        t`class ${names[bar]!}: ${y.label} ${short(heights[bar]!, 'float64', 5)}, ${elementsText(counts[bar]!)}. Enter shows the one with the largest loss.`,
      row: (bar) => rows[bar]!,
      box(bar) {
        const [a, b] = [up.apply(0), up.apply(bars[bar]!.height)];
        return { x: left(bar), y: Math.min(a, b), width: across.bandwidth, height: Math.abs(a - b) };
      },
      at(px) {
        const bar = names.findIndex((_, i) => px >= left(i) && px <= left(i) + across.bandwidth);
        return bar < 0 ? undefined : bar;
      },
      next: inOrder(names.length),
    },
  };
}
