/** Numbers over two axes: the gradient of a batch, the alignment of a CTC loss, a transport plan. */
import { t } from '@vscode/l10n';
import type { NdArray } from '../../array.ts';
import { rowLink } from '../elements.ts';
import { blockOf, divisionOf, extremes, rangeOf, type Sheet } from './binning.ts';
import type { Axis, Grid, Plot } from './figure.ts';
import { type Asked, gradientOf, type Material, predictionOf, rowsOf } from './material.ts';
import { areImages, pileOf, sheetOf, sheetsOf } from './sheets.ts';
import { number, sentences, several, share } from './words.ts';

/** With a number and a row each, 12 bytes a cell. */
const [mostRows, mostColumns] = [80, 96];

type Made = Omit<Plot, 'id' | 'title' | 'run'>;

interface Subject {
  readonly caption: string;
  readonly sheet: Sheet;
  readonly x: Axis;
  readonly y: Axis;
  readonly value: Axis;
  /** The row of the table that an element of the array belongs to; −1 for none. */
  readonly rowOf?: (place: number) => number;
  /** The elements of the array that are marked. */
  readonly marked?: readonly number[];
}

/** The entries farthest from 0 of each block, on a scale around 0 or, where all are of one sign, from 0. */
function gridOf({ caption, sheet, x, y, value, rowOf, marked = [] }: Subject): Grid {
  const division = divisionOf(sheet, mostRows, mostColumns);
  const { values, places } = extremes(sheet, division);
  const { low, high, finite } = rangeOf(values);
  const largest = finite === 0 ? 1 : Math.max(Math.abs(low), Math.abs(high)) || 1;
  const isSigned = low < 0;
  return {
    mark: 'grid',
    caption,
    x,
    y,
    ...division,
    extents: [sheet.rows, sheet.columns],
    values,
    value,
    scale: isSigned ? 'diverging' : 'sequential',
    range: Float64Array.of(isSigned ? -largest : 0, largest),
    ...(rowOf && { rows: places.map((place) => (place < 0 ? -1 : rowOf(place))) }),
    isImage: false,
    marked: Float64Array.from(
      new Set(
        marked.flatMap((place) => {
          const at = place - sheet.start;
          const [r, c] = [Math.floor(at / sheet.rowStep), (at % sheet.rowStep) / sheet.columnStep];
          if (at < 0 || r >= sheet.rows || c >= sheet.columns || !Number.isInteger(c)) return [];
          const cell = [blockOf(r, division.height, sheet.rows), blockOf(c, division.width, sheet.columns)];
          return [cell[0]! * division.width + cell[1]!];
        }),
      ),
    ),
  };
}

export async function gradientMap(material: Material, { slice, row }: Asked): Promise<Made> {
  const { shape } = predictionOf(material);
  const data = (await gradientOf(material))!;
  const isImage = areImages(material);
  const { count, name: nameOf, sheet: sheetAt } = isImage ? pileOf(material, shape) : sheetsOf(shape);
  const sheet = sheetAt(data, slice);
  const link = rowLink(shape, rowsOf(material), material.classAxis);
  const name = `∂loss/∂${material.prediction}`;
  const [yAxis, xAxis] =
    isImage || shape.length === 2
      ? [t('row'), t('column')]
      : [t`axis ${shape.length - 2}`, t`axis ${shape.length - 1}`];
  const figure = gridOf({
    caption: count === 1 ? name : `${name} ${nameOf(slice)}`,
    sheet,
    x: { label: t`${xAxis!} of ${material.prediction}` },
    y: { label: t`${yAxis!} of ${material.prediction}` },
    value: { label: name },
    ...(link && { rowOf: (place: number) => link.rowOf(place) }),
    marked: row === undefined ? [] : (link?.elementsOf(row) ?? []),
  });
  return {
    findings: findingsOf(sheet, figure),
    figures: [figure],
    ...(count > 1 && { slice: { label: t('sheet'), count, shown: slice } }),
  };
}

function findingsOf(sheet: Sheet, { height, width }: Grid): string {
  const { rows, columns, data, start, rowStep, columnStep } = sheet;
  const count = rows * columns;
  let [place, farthest, size, finite, zeros] = [0, Number(data[start]), -1, 0, 0];
  // No copy of the sheet: it may be a million numbers, at each move of a slider.
  for (let r = 0; r < rows; r++) {
    for (let c = 0, at = start + r * rowStep; c < columns; c++, at += columnStep) {
      const value = Number(data[at]);
      if (value - value === 0) finite++;
      if (value === 0) zeros++;
      if (Math.abs(value) > size) [place, farthest, size] = [r * columns + c, value, Math.abs(value)];
    }
  }
  const at = t`row ${Math.floor(place / columns)}, column ${place % columns}`;
  const block = Math.ceil(rows / height) * Math.ceil(columns / width);
  const lost = count - finite;
  return sentences(
    t`${several(rows, 'row')} by ${several(columns, 'column')}. Farthest from 0: ${number(farthest)} at ${at}.`,
    zeros > 0 && t`${share(zeros, count)} of the entries are exactly 0.`,
    lost > 0 && t`${several(lost, 'entry')} NaN or infinite.`,
    block > 1 && t`A cell stands for up to ${several(block, 'entry')} and shows the one farthest from 0.`,
  );
}

/** Posteriors of the classes in each frame of one sample. */
export async function alignment(material: Material, { slice, row }: Asked): Promise<Made> {
  const shown = row ?? slice;
  const { data, shape } = material.evaluation.extras.alignment!;
  const [count, frames, classes] = shape as [number, number, number];
  // Frames to the right, as time runs.
  const sheet: Sheet = {
    data,
    start: shown * frames * classes,
    rows: classes,
    columns: frames,
    rowStep: 1,
    columnStep: classes,
  };
  const figure = gridOf({
    caption: count === 1 ? t('Alignment') : t`Alignment of sample ${shown}`,
    sheet,
    x: { label: t('frame') },
    y: { label: t('class') },
    value: { label: t('probability given the target') },
    rowOf: () => shown,
  });
  return {
    findings: `${several(frames, 'frame')}, ${several(classes, 'class')}. ${path(sheet)}`,
    figures: [{ ...figure, scale: 'sequential', range: Float64Array.of(0, 1) }],
    ...(count > 1 && { slice: { label: t('sample'), count, shown } }),
  };
}

/** The likeliest class from frame to frame, repetitions told once. */
function path({ data, start, rows, columns, columnStep }: Sheet): string {
  const mostTold = 12;
  const stretches: { label: number; from: number; to: number }[] = [];
  for (let frame = 0; frame < columns; frame++) {
    const first = start + frame * columnStep;
    let best = 0;
    for (let c = 1; c < rows; c++) if (Number(data[first + c]) > Number(data[first + best])) best = c;
    // Beyond the sample's own frames there is nothing.
    if (!(Number(data[first + best]) > 0)) break;
    const last = stretches.at(-1);
    if (last?.label === best) last.to = frame;
    else stretches.push({ label: best, from: frame, to: frame });
  }
  if (stretches.length === 0) return t('No alignment of the target fits these frames.');
  const told = stretches
    .slice(0, mostTold)
    .map(
      ({ label, from, to }) => `${label} (${from === to ? t`frame ${from}` : t`frames ${from} to ${to}`})`,
    );
  return t`Likeliest in turn: class ${told.join(', ') + (stretches.length > mostTold ? ' …' : '')}.`;
}

/** How much goes from where to where. */
export async function transport({ evaluation }: Material): Promise<Made> {
  const { data, shape } = evaluation.extras.plan as NdArray;
  const sheet = sheetOf(data, shape, 0);
  const figure = gridOf({
    caption: t('Transport plan'),
    sheet,
    x: { label: t('to position') },
    y: { label: t('from position') },
    value: { label: t('mass') },
  });
  let [moved, total] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    if (Number(data[i]) > 0) moved++;
    total += Number(data[i]);
  }
  return {
    findings: sentences(
      t`${several(shape[0]!, 'position')} to ${several(shape[1]!, 'position')}: mass ${number(total)} in ${several(moved, 'flow')}.`,
      findingsOf(sheet, figure),
    ),
    figures: [figure],
  };
}
