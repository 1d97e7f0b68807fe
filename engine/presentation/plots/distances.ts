/** How far apart embeddings are, against the margin. */
import { t } from '@vscode/l10n';
import type { TypedArray } from '../../array.ts';
import { edgesOf, evenly, histogram, rangeOf } from './binning.ts';
import type { Bins, Lines, Plot, PointSeries, Rule } from './figure.ts';
import { type Asked, has, type Material, markedAmong, partOf, rowsOf, sameShape } from './material.ts';
import { number, sentences, several, share } from './words.ts';

const bins = 40;
const mostPoints = 1000;

type Made = Omit<Plot, 'id' | 'title' | 'run'>;

export const distances = (material: Material, asked: Asked): Promise<Made> =>
  has(material, 'toPositive', 'toNegative') ? triplets(material, asked) : pairs(material, asked);

async function triplets(material: Material, { row }: Asked): Promise<Made> {
  const toPositive = (await partOf(material, 'toPositive')).data;
  const toNegative = (await partOf(material, 'toNegative')).data;
  const margin = Number(material.parameters['margin']);
  const excess = (i: number): number => Number(toPositive[i]) - Number(toNegative[i]) + margin;
  let [violated, inverted] = [0, 0];
  for (let i = 0; i < toPositive.length; i++) {
    if (excess(i) > 0) violated++;
    if (Number(toPositive[i]) > Number(toNegative[i])) inverted++;
  }
  const chosen = evenly(toPositive.length, mostPoints);
  const points = (label: string, belongs: (i: number) => boolean): PointSeries => {
    const rows = chosen.filter((i) => belongs(i));
    return {
      label,
      x: rows.map((i) => Number(toPositive[i])),
      y: rows.map((i) => Number(toNegative[i])),
      rows,
      marked: markedAmong(rows, row),
    };
  };
  const ofPositive = rangeOf(toPositive);
  const scatter: Lines = {
    mark: 'lines',
    caption: t('Distances of each triplet'),
    x: { label: t('distance to the positive') },
    y: { label: t('distance to the negative') },
    series: [
      {
        label: t('far enough apart (margin)'),
        x: Float64Array.of(0, ofPositive.high),
        y: Float64Array.of(margin, ofPositive.high + margin),
      },
    ],
    points: [
      points(t('within the margin: a loss'), (i) => excess(i) > 0),
      points(t('apart: no loss'), (i) => !(excess(i) > 0)),
    ],
    rules: [],
  };
  const total = toPositive.length;
  return {
    findings: sentences(
      `${several(total, 'triplet')}.`,
      t`Less than the margin ${number(margin)} farther away than the positive is the negative of ${several(violated, 'triplet')} (${share(violated, total)}); of ${inverted} it is the nearer one.`,
      chosen.length < total && t`${several(chosen.length, 'triplet')}, evenly taken, are drawn as points.`,
    ),
    figures: [
      scatter,
      together(
        [
          { label: t('to the positive'), data: toPositive },
          { label: t('to the negative'), data: toNegative },
        ],
        t('distance'),
        [],
        row,
      ),
    ],
  };
}

/** Which parameters a pair's distance, or similarity, is held against. */
const thresholds = (): Readonly<Record<string, string>> => ({
  margin: t('margin'),
  pos_margin: t('margin of similar pairs'),
  neg_margin: t('margin of dissimilar pairs'),
});

async function pairs(material: Material, { row }: Asked): Promise<Made> {
  const measure = has(material, 'similarity') ? 'similarity' : 'distance';
  const { data, shape } = await partOf(material, measure);
  const labels = (await partOf(material, 'similar')).data;
  // A loss whose rows are not its pairs leads to none of them.
  const linked = sameShape(shape, rowsOf(material));
  const word = measure === 'similarity' ? t('cosine') : t('distance');
  const rules: Rule[] = Object.entries(thresholds()).flatMap(([name, label]) =>
    // Of metric learning's triplets the margin is between two distances.
    typeof material.parameters[name] === 'number' && !(name === 'margin' && material.loss === 'triplet')
      ? [{ label, at: Float64Array.of(material.parameters[name]) }]
      : [],
  );
  const is = (label: number) => (i: number) => Number(labels[i]) === label;
  const kinds = [
    {
      label: t('similar pairs'),
      kind: 'similar pair',
      none: t('There are no similar pairs.'),
      counts: is(1),
    },
    {
      label: t('dissimilar pairs'),
      kind: 'dissimilar pair',
      none: t('There are no dissimilar pairs.'),
      counts: is(0),
    },
  ] as const;
  const figure = together(
    kinds.map(({ label, counts }) => ({ label, counts, data })),
    word,
    rules,
    row,
    linked,
  );
  const told = kinds.map(({ kind, none, counts }) => {
    const own: number[] = [];
    for (let i = 0; i < data.length; i++) if (counts(i)) own.push(Number(data[i]));
    if (own.length === 0) return none;
    const { low, high } = rangeOf(Float64Array.from(own));
    const mean = own.reduce((sum, d) => sum + d, 0) / own.length;
    return t`${several(own.length, kind)}: ${word} from ${number(low)} to ${number(high)}, mean ${number(mean)}.`;
  });
  const held = rules.map(({ label, at }) => `${label} ${number(at[0]!)}`).join(', ');
  return {
    findings: sentences(...told, held !== '' && t`Held against: ${held}.`),
    figures: [figure],
  };
}

/** Histograms over common edges. */
function together(
  series: readonly {
    readonly label: string;
    readonly data: TypedArray;
    readonly counts?: (i: number) => boolean;
  }[],
  label: string,
  rules: readonly Rule[],
  row: number | undefined,
  linked = true,
): Bins {
  const ranges = series.map(({ data }) => rangeOf(data)).filter(({ finite }) => finite > 0);
  const edges = edgesOf(
    {
      low: ranges.reduce((low, range) => Math.min(low, range.low), Number.POSITIVE_INFINITY),
      high: ranges.reduce((high, range) => Math.max(high, range.high), Number.NEGATIVE_INFINITY),
      finite: ranges.length,
    },
    bins,
  );
  return {
    mark: 'bins',
    caption: label === t('cosine') ? t('Cosine of the pairs') : t('Distances'),
    x: { label },
    y: { label: t('how many') },
    edges,
    series: series.map(({ label: name, data, counts }) => {
      const made = histogram(data, edges, counts);
      return { label: name, counts: made.counts, rows: linked ? made.first : made.first.fill(-1) };
    }),
    rules,
    marked:
      row === undefined || !linked
        ? new Float64Array()
        : Float64Array.from(new Set(series.map(({ data }) => Number(data[row])))),
  };
}
