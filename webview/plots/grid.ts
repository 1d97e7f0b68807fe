/** Maps and images: cells painted on a canvas, which stands in the drawing as an image; axes and marks around it. */
import { t } from '@vscode/l10n';
import { blockOf, blockStart, middleOf } from '../../engine/presentation/plots/binning.ts';
import type { Grid } from '../../extension/panel/protocol.ts';
import { h } from '../dom.ts';
import { short } from '../format.ts';
import { Plot } from '../libraries/index.ts';
import { type Drawing, type Sketch, scaleOf, withoutStyle } from './drawing.ts';
import { fieldSwatch, svg } from './looks.ts';
import { type Colour, classColour, css, mixed, type Palette, paletteNow } from './palette.ts';
import { inGrid } from './picking.ts';

/** Classes beyond these have no place in a legend. */
const mostNamed = 12;
const margins = { left: 52, right: 12, top: 24, bottom: 40 } as const;

export function drawGrid(grid: Grid, { width }: Sketch): Drawing {
  const { extents, height: lines, width: columns, isImage, x, y } = grid;
  const palette = paletteNow();
  const inner = width - margins.left - margins.right;
  // Pixels are square; the cells of a map fill what there is.
  const tall = isImage
    ? Math.min(420, Math.max(24, (inner * extents[0]) / extents[1]))
    : Math.min(340, Math.max(90, lines * 18));
  const wide = isImage ? (tall * extents[1]) / extents[0] : Math.min(inner, Math.max(160, columns * 28));
  const drawing = withoutStyle(
    Plot.plot({
      className: 'plot',
      width: Math.ceil(wide + margins.left + margins.right),
      height: Math.ceil(tall + margins.top + margins.bottom),
      marginLeft: margins.left,
      marginRight: margins.right,
      marginTop: margins.top,
      marginBottom: margins.bottom,
      x: { domain: [0, extents[1]] },
      y: { domain: [0, extents[0]], reverse: true },
      marks: [
        Plot.axisX({
          anchor: 'bottom',
          label: x.label,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 34,
          tickSize: 4,
          ...indices(extents[1], wide / 44),
        }),
        Plot.axisY({
          anchor: 'left',
          label: y.label,
          labelArrow: 'none',
          labelOffset: 52,
          tickSize: 4,
          ...indices(extents[0], tall / 17),
        }),
      ],
    }),
  );
  const [across, down] = [scaleOf(drawing, 'x'), scaleOf(drawing, 'y')];
  const picture = document.createElementNS(svg, 'image');
  const place = {
    x: across(0),
    y: down(0),
    width: across(extents[1]) - across(0),
    height: down(extents[0]) - down(0),
  };
  for (const [name, value] of Object.entries(place)) picture.setAttribute(name, String(value));
  picture.setAttribute('preserveAspectRatio', 'none');
  picture.setAttribute('class', 'cells');
  picture.setAttribute('href', painted(grid, palette));
  const rim = rectangle('cells-rim', place);
  drawing.prepend(picture, rim);
  const boxOf = (cell: number): typeof place => {
    const [r, c] = [Math.floor(cell / columns), cell % columns];
    const [left, right] = [c, c + 1].map((at) => across(blockStart(at, columns, extents[1]))) as [
      number,
      number,
    ];
    const [top, bottom] = [r, r + 1].map((at) => down(blockStart(at, lines, extents[0]))) as [number, number];
    return { x: left, y: top, width: right - left, height: bottom - top };
  };
  for (const cell of grid.marked) drawing.append(rectangle('cells-marked', boxOf(cell)));
  return {
    svg: drawing,
    legend: legendOf(grid, palette),
    targets: {
      count: lines * columns,
      text: (cell) => textOf(grid, cell),
      row: (cell) => rowOf(grid, cell),
      box: boxOf,
      at(px, py) {
        const [r, c] = [
          ((py - place.y) / place.height) * extents[0],
          ((px - place.x) / place.width) * extents[1],
        ];
        if (r < 0 || c < 0 || r >= extents[0] || c >= extents[1]) return undefined;
        return (
          blockOf(Math.floor(r), lines, extents[0]) * columns + blockOf(Math.floor(c), columns, extents[1])
        );
      },
      next: inGrid(lines, columns),
    },
  };
}

/** A tick stands in the middle of its row or column. */
function indices(extent: number, most: number): { ticks: number[]; tickFormat: (at: number) => string } {
  const step =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000].find(
      (each) => extent / each <= Math.max(1, most),
    ) ?? extent;
  const ticks = Array.from({ length: Math.ceil(extent / step) }, (_, i) => i * step + 0.5);
  return { ticks, tickFormat: (at) => String(Math.floor(at)) };
}

function rectangle(name: string, place: object): SVGRectElement {
  const rectangle = document.createElementNS(svg, 'rect');
  for (const [key, value] of Object.entries(place)) rectangle.setAttribute(key, String(value));
  rectangle.setAttribute('class', name);
  return rectangle;
}

function colourOf({ scale, range, names }: Grid, palette: Palette): (value: number) => Colour {
  const [low, high] = range as unknown as [number, number];
  const { ground, ink, above, below } = palette;
  if (scale === 'classes') {
    // Where the first class is that nothing is there, it is the ground.
    const own = names?.[0] === 'neither' ? [ground, ink, below, above] : undefined;
    return (value) =>
      value < 0 || Number.isNaN(value) ? ground : (own?.[value] ?? classColour(value, palette));
  }
  const lost = mixed(above, below, 0.5);
  if (scale === 'diverging') {
    return (value) =>
      Number.isFinite(value)
        ? mixed(ground, value < 0 ? below : above, (Math.abs(value) / high) ** 0.7)
        : lost;
  }
  return (value) =>
    Number.isFinite(value) ? mixed(ground, ink, high > low ? (value - low) / (high - low) : 0) : lost;
}

function painted(grid: Grid, palette: Palette): string {
  const { width, height, values } = grid;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(width, height);
  const colour = colourOf(grid, palette);
  for (let cell = 0; cell < values.length; cell++) {
    const own = colour(values[cell]!);
    for (let channel = 0; channel < 3; channel++) image.data[4 * cell + channel] = own[channel]!;
    image.data[4 * cell + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

function textOf({ height, width, extents, values, value, names, x, y }: Grid, cell: number): string {
  const [r, c] = [Math.floor(cell / width), cell % width];
  const lines = (label: string, at: number, count: number, extent: number): string => {
    const [from, to] = [blockStart(at, count, extent), blockStart(at + 1, count, extent) - 1];
    return from === to ? `${label} ${from}` : t`${label} ${from} to ${to}`;
  };
  const own = values[cell]!;
  const told = names?.[own] ?? short(own, 'float32', 5);
  return `${lines(y.label, r, height, extents[0])}, ${lines(x.label, c, width, extents[1])}: ${value.label} ${told}`;
}

function rowOf({ rows, width, height, extents }: Grid, cell: number): number {
  if (!rows) return -1;
  if (rows instanceof Float64Array) return rows[cell]!;
  const line = middleOf(Math.floor(cell / width), height, extents[0]);
  return rows.start + line * rows.line + middleOf(cell % width, width, extents[1]) * rows.column;
}

function legendOf(grid: Grid, palette: Palette): HTMLElement[] {
  const { scale, range, names, value, caption, isImage } = grid;
  const colour = colourOf(grid, palette);
  if (scale === 'classes') {
    const named = names ?? [];
    if (named.length > mostNamed) return [h('li', {}, t`${named.length} classes, a colour each`)];
    return named.map((name, position) =>
      h('li', {}, fieldSwatch(css(colour(position)), 'var(--axis)'), name),
    );
  }
  const [low, high] = range as unknown as [number, number];
  const end = (at: number): string => short(at, 'float64', 3);
  // What the caption has said already need not be said again.
  const label = isImage || caption.startsWith(value.label) ? end(low) : `${value.label}: ${end(low)}`;
  return [h('li', { class: 'scale' }, label, ramp(low, high, colour), end(high))];
}

/** The colours from the lowest to the highest. */
function ramp(low: number, high: number, colour: (value: number) => Colour): SVGElement {
  const [steps, width] = [32, 96];
  const picture = document.createElementNS(svg, 'svg');
  picture.setAttribute('width', String(width));
  picture.setAttribute('height', '10');
  picture.setAttribute('aria-hidden', 'true');
  for (let step = 0; step < steps; step++) {
    const field = rectangle('', { x: (step * width) / steps, y: 0, width: width / steps + 0.5, height: 10 });
    field.setAttribute('fill', css(colour(low + ((high - low) * step) / (steps - 1))));
    picture.append(field);
  }
  picture.append(rectangle('cells-rim', { x: 0.5, y: 0.5, width: width - 1, height: 9 }));
  return picture;
}
