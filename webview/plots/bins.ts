/** Histograms, one or two over the same bins. */
import { t } from '@vscode/l10n';
import type { Bins } from '../../extension/panel/protocol.ts';
import { h } from '../dom.ts';
import { grouped, short } from '../format.ts';
import { Plot } from '../libraries/index.ts';
import { type Drawing, type Sketch, scaleOf, withoutStyle } from './drawing.ts';
import { fieldSwatch, lineSwatch, lookOf } from './looks.ts';
import { inOrder } from './picking.ts';

interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export function drawBins(figure: Bins, { width, logarithmic }: Sketch): Drawing {
  const { edges, series, rules, x, y } = figure;
  const bars = series.map(({ counts }) =>
    Array.from(counts, (count, i): Bar => ({ from: edges[i]!, to: edges[i + 1]!, count })),
  );
  const most = Math.max(1, ...series.flatMap(({ counts }) => [...counts]));
  const height = Math.round(Math.min(300, Math.max(200, width * 0.42)));
  const drawing = withoutStyle(
    Plot.plot({
      className: 'plot',
      width,
      height,
      marginLeft: 56,
      marginRight: 14,
      marginTop: 28,
      marginBottom: 40,
      x: { domain: [edges[0]!, edges.at(-1)!], nice: false },
      y: { domain: [0, most], type: logarithmic ? 'symlog' : 'linear', ...(!logarithmic && { nice: 5 }) },
      marks: [
        Plot.gridY({ stroke: 'var(--grid)', strokeOpacity: 1, ...tallies(most, logarithmic) }),
        ...bars.map((own, position) => {
          const { stroke, dash } = lookOf(position);
          return Plot.rectY(own, {
            x1: 'from',
            x2: 'to',
            y: 'count',
            fill: stroke,
            fillOpacity: series.length > 1 ? 0.4 : 0.75,
            ...(series.length > 1 && { stroke, strokeWidth: 1, ...(dash && { strokeDasharray: dash }) }),
            inset: series.length > 1 ? 0 : 0.5,
          });
        }),
        Plot.ruleY([0], { stroke: 'var(--axis)' }),
        ...rules.map(({ at }, position) =>
          Plot.ruleX([...at], {
            stroke: 'var(--vscode-foreground)',
            strokeWidth: 1.5,
            strokeDasharray: ruleDash(position),
          }),
        ),
        Plot.ruleX([...figure.marked], {
          className: 'marked-rule',
          stroke: 'var(--marked)',
          strokeWidth: 2.5,
        }),
        Plot.axisX({
          anchor: 'bottom',
          label: x.label,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 34,
          tickSize: 4,
          ticks: width / 90,
        }),
        Plot.axisY({
          anchor: 'left',
          label: logarithmic ? t`${y.label} (logarithmic)` : y.label,
          labelArrow: 'none',
          labelOffset: 56,
          tickSize: 0,
          ...tallies(most, logarithmic),
        }),
      ],
    }),
  );
  const [across, up] = [scaleOf(drawing, 'x'), scaleOf(drawing, 'y')];
  const text = (bin: number): string => {
    const range = t`${short(edges[bin]!, 'float64', 5)} to ${short(edges[bin + 1]!, 'float64', 5)}`;
    const counts = series.map(({ label, counts: own }) => `${label ? `${label} ` : ''}${grouped(own[bin]!)}`);
    return `${x.label} ${range}: ${counts.join(', ')}`;
  };
  const count = edges.length - 1;
  return {
    svg: drawing,
    legend: legendOf(figure),
    targets: {
      count,
      text,
      row: (bin) => series.map(({ rows }) => rows[bin]!).find((row) => row >= 0) ?? -1,
      box(bin) {
        const tallest = Math.max(...series.map(({ counts }) => counts[bin]!));
        const [left, right] = [across(edges[bin]!), across(edges[bin + 1]!)];
        return { x: left, y: up(tallest), width: right - left, height: up(0) - up(tallest) };
      },
      at(px, py) {
        if (py < up(most) - 10 || py > up(0) + 10) return undefined;
        const bin = edges.findLastIndex((edge) => across(edge) <= px);
        return bin >= 0 && bin < count ? bin : undefined;
      },
      next: inOrder(count),
    },
  };
}

/** Whole numbers of things. */
const tallies = (most: number, logarithmic: boolean): { ticks: number | number[] } => {
  if (!logarithmic) return { ticks: Math.min(5, most) };
  const powers = Array.from({ length: Math.floor(Math.log10(most)) + 1 }, (_, i) => 10 ** i);
  return { ticks: [0, ...powers] };
};

const ruleDash = (position: number): string => ['5 3', '1 3'][position % 2]!;

function legendOf({ series, rules, marked }: Bins): HTMLElement[] {
  const entries = series.length > 1 || series[0]?.label ? series : [];
  return [
    ...entries.map(({ label }, position) => {
      const { stroke, dash } = lookOf(position);
      return h('li', {}, fieldSwatch(stroke, stroke, dash), label);
    }),
    ...rules.map(({ label, at }, position) =>
      h(
        'li',
        {},
        lineSwatch('var(--vscode-foreground)', ruleDash(position)),
        `${label} ${short(at[0]!, 'float64', 5)}`,
      ),
    ),
    ...(marked.length > 0
      ? [h('li', {}, lineSwatch('var(--marked)', undefined), t('the element you look at'))]
      : []),
  ];
}
