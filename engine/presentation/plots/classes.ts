/** Loss and gradient by class: which classes the batch's loss comes from. */
import { t } from '@vscode/l10n';
import { isFloat, type NdArray, sizeOf } from '../../array.ts';
import { type RowLink, rowLink } from '../elements.ts';
import type { Bars, Plot } from './figure.ts';
import {
  type Asked,
  elementsOf,
  gradientOf,
  linkOf,
  type Material,
  markedAmong,
  predictionOf,
  rowsOf,
  sameShape,
  targetOf,
} from './material.ts';
import { number, sentences, several } from './words.ts';

/** Of more classes, those with the largest mean loss are shown. */
const mostBars = 40;
/** More values than this in a floating-point target are no classes. */
const mostLabels = 1000;

/** The class of each row of the table; undefined where the target says of none. */
export function classesOf(material: Material): ((row: number) => number) | undefined {
  const target = targetOf(material);
  if (!target) return undefined;
  const rows = rowsOf(material);
  const { data } = target;
  const squeezed = target.shape.filter((extent) => extent !== 1);
  const own = rows.filter((extent) => extent !== 1);
  if (sameShape(squeezed, own) && sizeOf(target.shape) === sizeOf(rows)) {
    return areLabels(target) ? (row) => Number(data[row]) : undefined;
  }
  // One number for each class: the class is where it is largest.
  const link = sameShape(target.shape, predictionOf(material).shape)
    ? rowLink(target.shape, rows, material.classAxis)
    : undefined;
  if (!link || !areDistributions(target, link)) return undefined;
  return (row) => {
    const entries = link.elementsOf(row);
    let best = 0;
    for (let k = 1; k < entries.length; k++) {
      if (Number(data[entries[k]!]) > Number(data[entries[best]!])) best = k;
    }
    return best;
  };
}

/** What was found out about a target, which is asked with every evaluation of it. */
function remembered(ask: (target: NdArray, link?: RowLink) => boolean): typeof ask {
  const answers = new WeakMap<NdArray, boolean>();
  return (target, link) => {
    const answer = answers.get(target) ?? ask(target, link);
    answers.set(target, answer);
    return answer;
  };
}

const areLabels = remembered(({ dtype, data }) => {
  if (!isFloat(dtype)) return true;
  const seen = new Set<number>();
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    if (!Number.isInteger(value)) return false;
    seen.add(value);
    if (seen.size > mostLabels) return false;
  }
  return true;
});

/** Several labels that apply together have no class in common; a distribution has a likeliest one. */
const areDistributions = remembered(({ data }, link) => {
  for (let row = 0, seen = 0; seen < data.length; row++) {
    let total = 0;
    for (const entry of link!.elementsOf(row)) {
      const value = Number(data[entry]);
      if (!(value >= 0)) return false;
      total += value;
      seen++;
    }
    if (Math.abs(total - 1) > 1e-3) return false;
  }
  return true;
});

/** The class of every row, as a position among the classes there are. */
interface Groups {
  readonly labels: readonly number[];
  readonly ofRow: Int32Array;
}

/** As long as the target and the rows stay what they are, classes do: a slider moves neither. */
const known = new WeakMap<NdArray, { readonly rows: string; readonly groups: Groups }>();

function groupsOf(material: Material, target: NdArray): Groups {
  const rows = rowsOf(material);
  const key = JSON.stringify([rows, material.classAxis]);
  const before = known.get(target);
  if (before?.rows === key) return before.groups;
  const classOf = classesOf(material)!;
  const groups = new Map<number, number>();
  const ofRow = Int32Array.from({ length: sizeOf(rows) }, (_, row) => {
    const label = classOf(row);
    const group = groups.get(label);
    if (group !== undefined) return group;
    groups.set(label, groups.size);
    return groups.size - 1;
  });
  const made = { labels: [...groups.keys()], ofRow };
  known.set(target, { rows: key, groups: made });
  return made;
}

interface OfClass {
  readonly label: number;
  readonly count: number;
  /** The means: of the losses, and of Σ|gradient| of a row. */
  readonly loss: number;
  readonly gradient: number;
  /** The row with the largest loss. */
  readonly worst: number;
}

async function byClass(material: Material, { labels, ofRow }: Groups): Promise<OfClass[]> {
  const losses = await elementsOf(material);
  const [counts, totals, sizes] = [0, 1, 2].map(() => new Float64Array(labels.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const worst = new Int32Array(labels.length).fill(-1);
  for (let row = 0; row < losses.length; row++) {
    const group = ofRow[row]!;
    const loss = Number(losses[row]);
    counts[group]!++;
    totals[group]! += loss;
    if (worst[group]! < 0 || loss > Number(losses[worst[group]!])) worst[group] = row;
  }
  const link = linkOf(material);
  const gradient = link && (await gradientOf(material));
  if (gradient) {
    const isOwn = gradient.length === losses.length;
    for (let i = 0; i < gradient.length; i++) {
      sizes[ofRow[isOwn ? i : link.rowOf(i)]!]! += Math.abs(Number(gradient[i]));
    }
  }
  return labels.map((label, group) => ({
    label,
    count: counts[group]!,
    loss: totals[group]! / counts[group]!,
    gradient: gradient ? sizes[group]! / counts[group]! : Number.NaN,
    worst: worst[group]!,
  }));
}

/** What is not finite comes first: it is what is looked for. */
const rank = ({ loss }: OfClass): number => (Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss);

export async function classes(
  material: Material,
  { row }: Asked,
): Promise<Omit<Plot, 'id' | 'title' | 'run'>> {
  const groups = groupsOf(material, targetOf(material)!);
  const all = await byClass(material, groups);
  const byLoss = all.toSorted((a, b) => (rank(a) === rank(b) ? a.label - b.label : rank(b) - rank(a)));
  const shown = byLoss.slice(0, mostBars).sort((a, b) => a.label - b.label);
  const own = row === undefined ? undefined : groups.labels[groups.ofRow[row]!];
  const bars = (caption: string, label: string, height: (of: OfClass) => number): Bars => ({
    mark: 'bars',
    caption,
    x: { label: t`class in ${material.target ?? ''}` },
    y: { label },
    names: shown.map((of) => String(of.label)),
    heights: Float64Array.from(shown, height),
    counts: Float64Array.from(shown, ({ count }) => count),
    rows: Float64Array.from(shown, ({ worst }) => worst),
    marked: markedAmong(
      shown.map(({ label: of }) => of),
      own,
    ),
  });
  return {
    findings: findings(),
    figures: [
      bars(t('Mean loss of each class'), t('mean loss'), ({ loss }) => loss),
      ...(linkOf(material) && gradientOf(material)
        ? [
            bars(
              t('Mean gradient of each class'),
              t`mean Σ|∂loss/∂${material.prediction}|`,
              ({ gradient }) => gradient,
            ),
          ]
        : []),
    ],
  };

  function findings(): string {
    const mean = ({ loss }: OfClass): string => number(loss);
    const [worst, best] = [byLoss[0]!, byLoss.at(-1)!];
    const commonest = all.reduce((a, b) => (b.count > a.count ? b : a));
    if (all.length === 1)
      return t`All ${several(worst.count, 'element')} are of class ${worst.label}; their mean loss is ${mean(worst)}.`;
    return sentences(
      `${several(all.length, 'class')}.`,
      t`The mean loss is largest in class ${worst.label} (${mean(worst)}, ${several(worst.count, 'element')}) and smallest in class ${best.label} (${mean(best)}, ${several(best.count, 'element')}).`,
      t`Class ${commonest.label} is the most frequent: ${several(commonest.count, 'element')}.`,
      all.length > mostBars && t`The ${mostBars} with the largest mean loss are drawn.`,
    );
  }
}
