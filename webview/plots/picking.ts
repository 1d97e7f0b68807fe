/**
 * What is drawn, picked one by one: by the mouse where it points, by the arrow keys in order. What is picked is told in a
 * line under the plot, and shown in the rest of the panel when it is clicked or Enter is pressed.
 */
import { t } from '@vscode/l10n';
import { h } from '../dom.ts';
import { svg } from './looks.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Places in the coordinates of the drawing. */
export interface Targets {
  readonly count: number;
  text(target: number): string;
  /** The row of the table that it leads to; −1 for none. */
  row(target: number): number;
  box(target: number): Box;
  /** What the mouse is on. */
  at(x: number, y: number): number | undefined;
  /** Where an arrow key leads. */
  next(target: number, key: string): number;
}

/** One after the other, whichever arrow is pressed. */
export function inOrder(count: number): Targets['next'] {
  return (target, key) =>
    Math.min(count - 1, Math.max(0, target + (key === 'ArrowRight' || key === 'ArrowUp' ? 1 : -1)));
}

/** What lies within reach of the mouse, given each one's way from it. */
export function nearest<T>(
  all: readonly T[],
  way: (one: T) => readonly [number, number],
): number | undefined {
  let [found, least] = [-1, reach ** 2];
  for (const [position, one] of all.entries()) {
    const [x, y] = way(one);
    if (x ** 2 + y ** 2 < least) [found, least] = [position, x ** 2 + y ** 2];
  }
  return found < 0 ? undefined : found;
}

/** Over a grid, row after row. */
export const inGrid =
  (height: number, width: number): Targets['next'] =>
  (target, key) => {
    const [r, c] = [Math.floor(target / width), target % width];
    const to = {
      ArrowUp: [r - 1, c],
      ArrowDown: [r + 1, c],
      ArrowLeft: [r, c - 1],
      ArrowRight: [r, c + 1],
    }[key] as [number, number];
    const isOutside = to[0] < 0 || to[1] < 0 || to[0] >= height || to[1] >= width;
    return isOutside ? target : to[0] * width + to[1];
  };

/** In pixels. */
const reach = 9;

const arrows: ReadonlySet<string> = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);

/**
 * Around a drawing: what takes the focus, the mark of what is picked, and the line that tells of it.
 * @param choose what Enter and a click do
 * @param verb what they do, in a word
 */
export function picking(
  drawing: SVGSVGElement,
  targets: Targets,
  words: string,
  choose: (target: number) => void,
  leads: (target: number) => boolean = (target) => targets.row(target) >= 0,
): HTMLElement {
  const told = h('p', { class: 'pick-told', role: 'status' });
  const cursor = document.createElementNS(svg, 'rect');
  cursor.setAttribute('class', 'pick-cursor');
  cursor.setAttribute('visibility', 'hidden');
  drawing.append(cursor);
  const frame = h(
    'div',
    {
      class: 'pick',
      // Without anything to pick it is a picture.
      role: targets.count > 0 ? 'application' : 'img',
      tabindex: targets.count > 0 ? '0' : undefined,
      'aria-roledescription': targets.count > 0 ? t('plot') : undefined,
      'aria-label': targets.count > 0 ? t`${words} The arrow keys go from one to the next.` : words,
    },
    drawing,
  );
  drawing.setAttribute('aria-hidden', 'true');
  let at: number | undefined;

  const point = (target: number | undefined): void => {
    at = target;
    const isThere = target !== undefined;
    cursor.setAttribute('visibility', isThere ? 'visible' : 'hidden');
    told.textContent = isThere ? targets.text(target) : '';
    frame.classList.toggle('pick-leads', isThere && leads(target));
    if (!isThere) return;
    for (const [name, value] of Object.entries(targets.box(target))) {
      cursor.setAttribute(name, String(Math.max(value, name === 'width' || name === 'height' ? 1 : value)));
    }
  };
  const under = ({ clientX, clientY }: MouseEvent): number | undefined => {
    const matrix = drawing.getScreenCTM();
    if (!matrix) return undefined;
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
    return targets.at(x, y);
  };
  drawing.addEventListener('pointermove', (event) => point(under(event)));
  drawing.addEventListener('pointerleave', () => point(undefined));
  drawing.addEventListener('click', (event) => {
    const target = under(event);
    if (target !== undefined && leads(target)) choose(target);
  });
  frame.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrows.has(event.key)) point(at === undefined ? 0 : targets.next(at, event.key));
    else if (event.key === 'Home') point(0);
    else if (event.key === 'End') point(targets.count - 1);
    else if (event.key === 'Escape') point(undefined);
    else if ((event.key === 'Enter' || event.key === ' ') && at !== undefined) {
      if (leads(at)) choose(at);
    } else return;
    event.preventDefault();
  });
  return h('div', { class: 'pick-frame' }, frame, told);
}
