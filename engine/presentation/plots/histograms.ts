/** Where the gradient's entries, and the losses of the elements, lie. */
import type { TypedArray } from '../../array.ts';
import { edgesOf, histogram, rangeOf } from './binning.ts';
import type { Bins, Plot } from './figure.ts';
import { type Asked, elementsOf, gradientOf, linkOf, type Material } from './material.ts';
import { counted, number, several, share } from './words.ts';

const bins = 50;
/** Of fewer, no bin is worth a word. */
const fewest = 20;

type Made = Omit<Plot, 'id' | 'title' | 'run'>;

interface Subject {
  readonly data: TypedArray;
  readonly label: string;
  /** One of them, in a sentence. */
  readonly one: string;
  readonly many: string;
  rowOf(element: number): number;
  /** Those that belong to the marked row. */
  readonly marked: readonly number[];
}

export async function gradientHistogram(material: Material, { row }: Asked): Promise<Made> {
  const link = linkOf(material);
  return of({
    data: (await gradientOf(material))!,
    label: `∂loss/∂${material.prediction}`,
    one: 'entry',
    many: 'entries',
    rowOf: (element) => link?.rowOf(element) ?? -1,
    marked: row === undefined ? [] : (link?.elementsOf(row) ?? []),
  });
}

export async function lossHistogram(material: Material, { row }: Asked): Promise<Made> {
  return of({
    data: await elementsOf(material),
    label: 'loss of an element',
    one: 'element',
    many: 'elements',
    rowOf: (element) => element,
    marked: row === undefined ? [] : [row],
  });
}

function of({ data, label, one, many, rowOf, marked }: Subject): Made {
  const range = rangeOf(data);
  const edges = edgesOf(range, bins);
  const { counts, first } = histogram(data, edges);
  const figure: Bins = {
    mark: 'bins',
    caption: label,
    x: { label },
    y: { label: many },
    edges,
    series: [{ label: '', counts, rows: first.map((element) => (element < 0 ? -1 : rowOf(element))) }],
    rules: [],
    marked: Float64Array.from(marked, (element) => Number(data[element])),
  };
  return { findings: findings(), figures: [figure] };

  function findings(): string {
    const { low, high, finite, zeros } = range;
    const lost = data.length - finite;
    const beside = lost > 0 ? ` ${several(lost, one, many)} NaN or infinite, and not drawn.` : '';
    if (finite === 0) return `None of ${several(data.length, one, many)} is finite.`;
    const where =
      low === high
        ? `All ${several(finite, one, many)} are ${number(low)}.`
        : `${several(finite, one, many)} from ${number(low)} to ${number(high)}.`;
    const fullest = counts.indexOf(counts.reduce((a, b) => Math.max(a, b), 0));
    const most =
      low === high || finite < fewest
        ? ''
        : ` The fullest bin, ${number(edges[fullest]!)} to ${number(edges[fullest + 1]!)}, holds ${counted(counts[fullest]!)}.`;
    const none = zeros === 0 || low === high ? '' : ` ${share(zeros, finite)} are exactly 0.`;
    return where + most + none + beside;
  }
}
