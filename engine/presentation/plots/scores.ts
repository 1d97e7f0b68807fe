/** The game of a discriminator and a generator: what a score costs each, and where the batch's scores are. */
import { t } from '@vscode/l10n';
import { array, type TypedArray } from '../../array.ts';
import type { Parameters } from '../../evaluation.ts';
import { edgesOf, evenly, histogram, rangeOf } from './binning.ts';
import type { Bins, LineSeries, Lines, Plot, PointSeries } from './figure.ts';
import { type Asked, type Material, partOf, rowsOf } from './material.ts';
import { number, several } from './words.ts';

const [samples, mostPoints, bins] = [161, 400, 40];

interface Player {
  readonly loss: string;
  readonly label: () => string;
  readonly parameters?: Parameters;
  readonly of: 'real' | 'fake';
}

/** Who plays against whom; the terms are those of the losses' own programs. */
const games: Readonly<Record<string, readonly Player[]>> = {
  gan: [
    { loss: 'gan-discriminator', label: () => t('discriminator, real'), of: 'real' },
    { loss: 'gan-discriminator', label: () => t('discriminator, fake'), of: 'fake' },
    {
      loss: 'gan-generator',
      label: () => t('generator, minimax'),
      of: 'fake',
      parameters: { form: 'minimax' },
    },
    {
      loss: 'gan-generator',
      label: () => t('generator, non-saturating'),
      of: 'fake',
      parameters: { form: 'non-saturating' },
    },
  ],
  lsgan: [
    { loss: 'lsgan-discriminator', label: () => t('discriminator, real'), of: 'real' },
    { loss: 'lsgan-discriminator', label: () => t('discriminator, fake'), of: 'fake' },
    { loss: 'lsgan-generator', label: () => t('generator'), of: 'fake' },
  ],
  wasserstein: [
    { loss: 'wasserstein', label: () => t('critic, real'), of: 'real' },
    { loss: 'wasserstein', label: () => t('critic, fake'), of: 'fake' },
  ],
};

const gameOf = (loss: string): string => loss.replace(/-(discriminator|generator)$/, '');

export async function scores(
  material: Material,
  { row }: Asked,
): Promise<Omit<Plot, 'id' | 'title' | 'run'>> {
  const { inputs, loss, parameters } = material;
  const from = parameters['from'];
  const given = (['real', 'fake'] as const).flatMap((name) => {
    const data = inputs[name]?.data;
    return data ? [{ name, data }] : [];
  });
  const ranges = given.map(({ data }) => rangeOf(data)).filter(({ finite }) => finite > 0);
  const [low, high] = spanOf(from, ranges);
  const x = Float64Array.from({ length: samples }, (_, i) => low + ((high - low) * i) / (samples - 1));
  const over = array(x);
  const lines = await Promise.all(
    games[gameOf(loss)]!.map(async ({ loss: player, label, of, parameters: own }): Promise<LineSeries> => {
      const needed = player.endsWith('generator') ? { fake: over } : { real: over, fake: over };
      const parts = await material.partsOf(player, needed, { ...own, ...(from !== undefined && { from }) });
      return { label: label(), x, y: Float64Array.from(parts[of]!.data, Number) };
    }),
  );
  const linked = rowsOf(material).length > 0 ? 'fake' : undefined;
  const points = await Promise.all(
    given.map(async ({ name, data }): Promise<PointSeries> => {
      const terms = (await partOf(material, name)).data;
      const chosen = evenly(data.length, mostPoints);
      const rows = name === linked ? chosen : chosen.map(() => -1);
      return {
        label: name === 'real' ? t('your real samples') : t('your generated samples'),
        x: chosen.map((i) => Number(data[i])),
        y: chosen.map((i) => Number(terms[i])),
        rows,
        marked: Float64Array.from([...rows.keys()].filter((i) => row !== undefined && rows[i] === row)),
      };
    }),
  );
  const label = from === undefined ? t('score') : t`score (${String(from)})`;
  const curves: Lines = {
    mark: 'lines',
    caption: t('What a score costs each player'),
    x: { label },
    y: { label: t('loss of one sample') },
    series: lines,
    points,
    rules: [],
  };
  const mean = (data: TypedArray): number => {
    let total = 0;
    for (let i = 0; i < data.length; i++) total += Number(data[i]);
    return total / data.length;
  };
  const told = given.map(
    ({ name, data }) =>
      t`${several(data.length, name === 'real' ? 'real sample' : 'generated sample')} with a mean score of ${number(mean(data))}.`,
  );
  return { findings: told.join(' '), figures: [curves, spread()] };

  function spread(): Bins {
    const edges = edgesOf(
      {
        low: Math.min(...ranges.map((range) => range.low)),
        high: Math.max(...ranges.map((range) => range.high)),
        finite: ranges.length,
      },
      bins,
    );
    return {
      mark: 'bins',
      caption: t('Scores of the batch'),
      x: { label },
      y: { label: t('samples') },
      edges,
      series: given.map(({ name, data }) => {
        const made = histogram(data, edges);
        return {
          label: name === 'real' ? t('real') : t('generated'),
          counts: made.counts,
          rows: name === linked ? made.first : made.first.map(() => -1),
        };
      }),
      rules: [],
      marked:
        row === undefined || !linked ? new Float64Array() : Float64Array.of(Number(inputs.fake!.data[row])),
    };
  }
}

/** What the curves are drawn over: the scores' own domain, or around those that are there. */
function spanOf(
  from: unknown,
  ranges: readonly { readonly low: number; readonly high: number }[],
): readonly [number, number] {
  if (from === 'probability') return [0.004, 0.996];
  const [low, high] = from === 'logit' ? [-6, 6] : [-1, 2];
  return [
    Math.min(low, ...ranges.map((range) => range.low)),
    Math.max(high, ...ranges.map((range) => range.high)),
  ];
}
