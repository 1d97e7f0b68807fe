/** Many points in one path each kind: an element a point takes longer to draw than a slider takes to its next move. */
import { svg } from './looks.ts';

export interface CloudPoint {
  readonly x: number;
  readonly y: number;
  readonly form: 'circle' | 'triangle' | 'square';
  /** Of a triangle: where it points, clockwise in degrees from up. */
  readonly turn?: number;
  readonly fill: string;
}

const radius = 2.5;
/** Of points that stand as near as this, in pixels, one is drawn: it hides the others. */
const near = 1.5;

/** Places in the coordinates of the drawing. */
export function cloud(all: readonly CloudPoint[]): SVGGElement {
  const cellOf = ({ x, y, form, turn, fill }: CloudPoint): string =>
    `${Math.round(x / near)} ${Math.round(y / near)} ${form} ${turn} ${fill}`;
  const points = [...new Map(all.map((point) => [cellOf(point), point])).values()];
  const group = document.createElementNS(svg, 'g');
  group.setAttribute('class', 'points points-many');
  for (const [key, own] of Map.groupBy(points, ({ form, fill }) => `${form} ${fill}`)) {
    const path = document.createElementNS(svg, 'path');
    const fill = key.slice(key.indexOf(' ') + 1);
    path.setAttribute('d', own.map(outline).join(''));
    if (own[0]!.form === 'circle') {
      // A line of no length has round ends.
      path.setAttribute('stroke', fill);
      path.setAttribute('stroke-width', String(2 * radius));
      path.setAttribute('stroke-linecap', 'round');
    } else path.setAttribute('fill', fill);
    group.append(path);
  }
  return group;
}

function outline({ x, y, form, turn = 0 }: CloudPoint): string {
  const place = (left: number, top: number): string => `${left.toFixed(1)},${top.toFixed(1)}`;
  if (form === 'circle') return `M${place(x, y)}h0`;
  if (form === 'square')
    return `M${place(x - radius, y - radius)}h${2 * radius}v${2 * radius}h${-2 * radius}z`;
  const corners = [0, 120, 240].map((angle) => {
    const direction = ((turn + angle) * Math.PI) / 180;
    return place(x + 1.4 * radius * Math.sin(direction), y - 1.4 * radius * Math.cos(direction));
  });
  return `M${corners.join('L')}z`;
}
