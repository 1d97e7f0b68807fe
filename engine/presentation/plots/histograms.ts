/** Where the gradient's entries, and the losses of the elements, lie. */
import { t } from '@vscode/l10n';
import type { TypedArray } from '../../array.ts';
import { edgesOf, histogram, rangeOf } from './binning.ts';
import type { Bins, Plot } from './figure.ts';
import { type Asked, elementsOf, gradientOf, linkOf, type Material } from './material.ts';
import { counted, number, sentences, several, share } from './words.ts';

const bins = 50;
/** Of fewer, no bin is worth a word. */
const fewest = 20;

type Made = Omit<Plot, 'id' | 'title' | 'run'>;

interface Subject {
  readonly data: TypedArray;
  readonly label: string;
  readonly what: 'element' | 'entry';
  rowOf(element: number): number;
  /** Those that belong to the marked row. */
  readonly marked: readonly number[];
}

export async function gradientHistogram(material: Material, { row }: Asked): Promise<Made> {
  const link = linkOf(material);
  return of({
    data: (await gradientOf(material))!,
    label: t`∂loss/∂${material.prediction}`,
    what: 'entry',
    rowOf: (element) => link?.rowOf(element) ?? -1,
    marked: row === undefined ? [] : (link?.elementsOf(row) ?? []),
  });
}

export async function lossHistogram(material: Material, { row }: Asked): Promise<Made> {
  return of({
    data: await elementsOf(material),
    label: t('loss of an element'),
    what: 'element',
    rowOf: (element) => element,
    marked: row === undefined ? [] : [row],
  });
}

function of({ data, label, what, rowOf, marked }: Subject): Made {
  const range = rangeOf(data);
  const edges = edgesOf(range, bins);
  const { counts, first } = histogram(data, edges);
  const figure: Bins = {
    mark: 'bins',
    caption: label,
    x: { label },
    y: { label: what === 'entry' ? t('entries') : t('elements') },
    edges,
    series: [{ label: '', counts, rows: first.map((element) => (element < 0 ? -1 : rowOf(element))) }],
    rules: [],
    marked: Float64Array.from(marked, (element) => Number(data[element])),
  };
  return { findings: findings(), figures: [figure] };

  function findings(): string {
    const { low, high, finite, zeros } = range;
    const lost = data.length - finite;
    if (finite === 0) return t`None of ${several(data.length, what)} is finite.`;
    const fullest = counts.indexOf(counts.reduce((a, b) => Math.max(a, b), 0));
    return sentences(
      low === high
        ? t`All ${several(finite, what)} are ${number(low)}.`
        : t`${several(finite, what)} from ${number(low)} to ${number(high)}.`,
      low < high &&
        finite >= fewest &&
        t`The fullest bin, ${number(edges[fullest]!)} to ${number(edges[fullest + 1]!)}, holds ${counted(counts[fullest]!)}.`,
      zeros > 0 && low < high && t`${share(zeros, finite)} are exactly 0.`,
      lost > 0 && t`${several(lost, what)} NaN or infinite, and not drawn.`,
    );
  }
}
