/** What a figure becomes on the page. */
import type { Markish } from '@observablehq/plot';
import { Plot } from '../libraries/index.ts';
import type { Targets } from './picking.ts';

export interface Sketch {
  readonly width: number;
  /** Of counts. */
  readonly logarithmic: boolean;
}

export interface Drawing {
  readonly svg: SVGSVGElement;
  /** Entries of the legend; none where a name is not needed. */
  readonly legend: readonly HTMLElement[];
  readonly targets: Targets;
}

/** The numbers of heights, at the left. */
export const heightAxis = (label: string): Markish =>
  Plot.axisY({ anchor: 'left', label, labelArrow: 'none', labelOffset: 56, tickSize: 0, ticks: 5 });

/** A scale of a plot: from a value to its place in the drawing. */
export function scaleOf(drawing: SVGSVGElement, name: 'x' | 'y'): (value: number) => number {
  const { scale } = drawing as unknown as {
    scale(name: string): { apply(value: number): number; bandwidth?: number };
  };
  const own = scale(name);
  return (value) => own.apply(value);
}

/** Its rules are in the panel's own style sheet; inline ones the content security policy would refuse, loudly. */
export function withoutStyle(drawing: Element): SVGSVGElement {
  drawing.querySelector('style')?.remove();
  return drawing as SVGSVGElement;
}
