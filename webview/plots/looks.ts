/** What tells series apart, and the same in the legend. */

export const svg = 'http://www.w3.org/2000/svg';

/** A colour and a dash for each series, so that neither is needed to tell them apart. */
export const looks = [
  { stroke: 'var(--series-1)', dash: undefined },
  { stroke: 'var(--series-2)', dash: '6 3' },
  { stroke: 'var(--series-3)', dash: '2 3' },
  { stroke: 'var(--series-4)', dash: '8 3 2 3' },
] as const;

export const lookOf = (position: number): (typeof looks)[number] => looks[position % looks.length]!;

export function lineSwatch(stroke: string, dash: string | undefined): SVGElement {
  const shape = {
    x1: '0',
    y1: '5',
    x2: '22',
    y2: '5',
    'stroke-width': '2',
    stroke,
    'stroke-dasharray': dash,
  };
  return swatch('line', shape, 22);
}

export function dotSwatch(
  fill = 'var(--point)',
  symbol: 'circle' | 'triangle' | 'square' = 'circle',
): SVGElement {
  const look = { fill, stroke: 'var(--point-edge)' };
  if (symbol === 'circle') return swatch('circle', { cx: '5', cy: '5', r: '4', ...look }, 10);
  const d = symbol === 'triangle' ? 'M5 0.5 L9.8 9 L0.2 9 Z' : 'M1.5 1.5 H8.5 V8.5 H1.5 Z';
  return swatch('path', { d, ...look }, 10);
}

export function arrowSwatch(): SVGElement {
  return swatch('path', { d: 'M5 0 L10 9 L0 9 Z', fill: 'var(--point)' }, 10);
}

function swatch(tag: string, attributes: Record<string, string | undefined>, width: number): SVGElement {
  const picture = document.createElementNS(svg, 'svg');
  const shape = document.createElementNS(svg, tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) shape.setAttribute(name, value);
  picture.setAttribute('width', String(width));
  picture.setAttribute('height', '10');
  picture.setAttribute('aria-hidden', 'true');
  picture.append(shape);
  return picture;
}

/** A filled field, outlined as its series is. */
export const fieldSwatch = (fill: string, stroke = 'none', dash?: string): SVGElement =>
  swatch(
    'rect',
    {
      x: '1',
      y: '1',
      width: '10',
      height: '8',
      fill,
      stroke,
      'stroke-dasharray': dash,
      'fill-opacity': '0.75',
    },
    12,
  );
