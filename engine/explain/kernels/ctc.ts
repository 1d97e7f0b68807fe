/**
 * CTC: −ln of the probability of all alignments. The most probable one is shown frame by frame, with how much of the
 * probability it carries; and how many frames go to each class over all alignments.
 */
import { t } from '@vscode/l10n';
import { exactly, framesOf, logSoftmax } from '../../kernels/ctc-frames.ts';
import { runKernel } from '../../kernels/index.ts';
import type { KernelAnswer, KernelRequest } from '../../kernels/kernel.ts';
import type { Line } from '../worked.ts';
import type { Asked } from './index.ts';
import { numberText, sumLines, type Term } from './terms.ts';

/** What is aligned: frames that count, with the logarithms of their probabilities, and labels. */
export interface Alignable {
  /** Of the input, by the frames that count. */
  readonly frames: readonly number[];
  /** Of the input; behind them is one for each label that is none of them, which costs nothing. */
  readonly classes: number;
  readonly width: number;
  /** [frames that count, width] */
  readonly logP: Float64Array;
  readonly labels: readonly number[];
  readonly blank: number;
}

export interface BestAlignment {
  /** The class of each frame. */
  readonly path: readonly number[];
  /** Each frame's logarithm of its class's probability. */
  readonly terms: readonly number[];
}

export function ctcLines({ request, element, nameOf }: Asked, answer: KernelAnswer): readonly Line[] {
  const loss = answer.elements[element]!;
  const subject = alignable(request, element);
  if (!subject || Number.isNaN(loss)) return [];
  const best = bestAlignment(subject);
  const result = numberText(loss);
  if (!best) {
    const { labels, frames } = subject;
    const repeats = labels.filter((label, s) => s > 0 && label === labels[s - 1]).length;
    const fits = frames.length >= labels.length + repeats;
    return [
      fits
        ? { symbols: t('any alignment has a probability'), numbers: t('each meets a 0'), result: t('no') }
        : {
            symbols: t('frames ≥ labels + blanks between equal ones'),
            numbers: `${frames.length} ≥ ${labels.length} + ${repeats}`,
            result: t('no'),
          },
      {
        name: t('loss'),
        symbols: Number.isFinite(loss) ? t('what is taken where no alignment fits') : result,
        numbers: result,
        result,
      },
    ];
  }
  const logBest = best.terms.reduce((sum, term) => sum + term, 0);
  const exactLoss = lossOf(subject);
  const share = Math.exp(exactLoss + logBest);
  const terms = frameTerms(subject, best, nameOf('scores') ?? t('scores'), request, element);
  const { lines, names, values } = sumLines(terms, otherFrames);
  const [bestText, shareText] = [numberText(logBest), numberText(share)];
  const [bestName, shareName] = [t('ln best'), t('share')];
  const rounding = loss - exactLoss;
  const difference = differenceOf(rounding / Math.max(1, Math.abs(exactLoss)));
  const negative = (text: string): string => (text.startsWith('-') ? `(${text})` : text);
  return [
    ...countLines(subject, answer, element),
    ...lines,
    { name: bestName, symbols: names || '0', numbers: values || '0', result: bestText },
    {
      name: shareName,
      symbols: t('probability of the best alignment ÷ of all'),
      numbers: `exp(${bestText}) ÷ exp(${numberText(-exactLoss)})`,
      result: shareText,
    },
    ...(difference ? [{ ...difference, numbers: numberText(rounding), result: numberText(rounding) }] : []),
    {
      name: t('loss'),
      symbols: `−(${bestName} − ln(${shareName}))${difference ? ` + ${difference.name}` : ''}`,
      numbers: `−(${bestText} − ${negative(numberText(Math.log(share)))})${difference ? ` + ${negative(numberText(rounding))}` : ''}`,
      result,
    },
  ];
}

/** What a library's number has beside the exact one. @param relative  to the loss */
function differenceOf(relative: number): (Pick<Line, 'symbols'> & { readonly name: string }) | undefined {
  if (Math.abs(relative) <= 1e-12) return undefined;
  return Math.abs(relative) < 1e-3
    ? { name: t('rounding'), symbols: t('what the steps in the library’s dtype leave') }
    : {
        name: t('price'),
        symbols: t('what cannot be has a price in this library, at which it is cheaper'),
      };
}

const otherFrames = (count: number): string => (count === 1 ? t('1 other frame') : t`${count} other frames`);

/** How many frames go to each class, over all alignments: posteriors, added up. */
function countLines(
  { classes, labels, blank, frames }: Alignable,
  { extras }: KernelAnswer,
  element: number,
): Line[] {
  const { data, shape } = extras['alignment']!;
  const all = shape[1]!;
  return [...new Set([blank, ...labels])]
    .filter((c) => c >= 0 && c < classes)
    .slice(0, 8)
    .map((c) => {
      let count = 0;
      for (const frame of frames) count += data[(element * all + frame) * classes + c]!;
      const result = numberText(count);
      return {
        name: c === blank ? t('frames of the blank') : t`frames of class ${c}`,
        symbols: `Σ posterior[t, ${c}]`,
        numbers: result,
        result,
      };
    });
}

function frameTerms(
  { frames, classes, width, logP, blank }: Alignable,
  { path, terms }: BestAlignment,
  scores: string,
  { inputs, facts }: KernelRequest,
  element: number,
): Term[] {
  const { data } = inputs['scores']!;
  const { at } = framesOf(inputs['scores']!, isBatchFirst({ facts }));
  const isLog = facts['scoresAre'] === 'log-probability';
  return path.map((c, k) => {
    const frame = frames[k]!;
    const isClass = c >= 0 && c < classes;
    const own = isClass ? Number(data[at(element, frame) + c]) : 0;
    const shift = isClass ? own - logP[k * width + c]! : 0;
    const [x, y] = [numberText(own), numberText(shift)];
    const place = t`${scores}[frame ${frame}, ${c}]`;
    return {
      name: c === blank ? t`frame ${frame}: the blank` : t`frame ${frame}: class ${c}`,
      symbols: !isClass
        ? t('a label outside the classes')
        : isLog
          ? place
          : `${place} − ln Σ exp(${t`${scores}[frame ${frame}]`})`,
      numbers: !isClass ? '0' : isLog ? x : `${x} − ${y.startsWith('-') ? `(${y})` : y}`,
      value: terms[k]!,
    };
  });
}

const isBatchFirst = ({ facts }: Pick<KernelRequest, 'facts'>): boolean =>
  facts['batchFirst'] === true || facts['computesIn'] !== undefined;

/** The sample as its library reads it; nothing where it counts frames in part, or lengths that are not there. */
export function alignable(
  { kernel, inputs, facts, parameters }: KernelRequest,
  n: number,
): Alignable | undefined {
  const scores = inputs['scores']!;
  const target = inputs['target']!;
  const { frames: all, classes, at } = framesOf(scores, isBatchFirst({ facts }));
  const columns = target.shape[1] ?? 0;
  const row = target.shape[0] === 1 ? 0 : n;
  const length = Number(inputs['targetLength']!.data[n]);
  const padding = inputs['scoresPadding']?.data;
  const pad = (t: number): number => Number(padding?.[n * all + t] ?? 0);
  const count = padding ? all : Math.min(Math.max(Number(inputs['inputLength']!.data[n]), 0), all);
  const frames = Array.from({ length: count }, (_, t) => t).filter((t) => pad(t) !== 1);
  if (frames.some((t) => pad(t) !== 0) || !(length >= 0 && length <= columns)) return undefined;
  const round = kernel === 'ctc-tensorflow' || facts['scoresIn'] === 'float32' ? Math.fround : exactly;
  const labels = Array.from({ length }, (_, s) => Number(target.data[row * columns + s]));
  const outside = [...new Set(labels.filter((label) => !(label >= 0 && label < classes)))];
  const width = classes + outside.length;
  const logP = new Float64Array(frames.length * width);
  for (const [k, t] of frames.entries()) {
    if (facts['scoresAre'] === 'log-probability') {
      for (let c = 0; c < classes; c++) logP[k * width + c] = Number(scores.data[at(n, t) + c]);
    } else logSoftmax(scores.data, at(n, t), logP, k * width, classes, round);
  }
  return {
    frames,
    classes,
    width,
    logP,
    labels: labels.map((label) => (outside.includes(label) ? classes + outside.indexOf(label) : label)),
    blank: Number(facts['blank'] ?? parameters['blank']),
  };
}

/** The most probable alignment (Viterbi); nothing where none has any probability. */
export function bestAlignment({ frames, width, logP, labels, blank }: Alignable): BestAlignment | undefined {
  const states = 2 * labels.length + 1;
  const label = (s: number): number => (s % 2 === 0 ? blank : labels[(s - 1) / 2]!);
  const canSkip = (s: number): boolean => s % 2 === 1 && s > 1 && label(s) !== label(s - 2);
  const emitted = (k: number, s: number): number => logP[k * width + label(s)]!;
  let scores = Float64Array.from({ length: states }, (_, s) => (s === 0 ? 0 : Number.NEGATIVE_INFINITY));
  /** How many states back each was entered from: [frames, states]. */
  const steps = new Uint8Array(frames.length * states);
  for (let k = 0; k < frames.length; k++) {
    const next = new Float64Array(states);
    for (let s = 0; s < states; s++) {
      // The first frame is the blank or the first label, as if it came from a blank before all of them.
      const reach = k === 0 ? Math.min(s, 1) : canSkip(s) ? 2 : Math.min(s, 1);
      let step = 0;
      for (let back = 1; back <= reach; back++) if (scores[s - back]! > scores[s - step]!) step = back;
      steps[k * states + s] = step;
      next[s] = scores[s - step]! + emitted(k, s);
    }
    scores = next;
  }
  let state = states > 1 && scores[states - 2]! > scores[states - 1]! ? states - 2 : states - 1;
  if (!(scores[state]! > Number.NEGATIVE_INFINITY)) return undefined;
  const path: number[] = [];
  const terms: number[] = [];
  for (let k = frames.length - 1; k >= 0; k--) {
    path.unshift(label(state));
    terms.unshift(emitted(k, state));
    state -= steps[k * states + state]!;
  }
  return { path, terms };
}

/** −ln of the probability of all alignments, in float64. */
export function lossOf({ frames, width, logP, labels, blank }: Alignable): number {
  const of = (...data: number[]): { data: Float64Array; shape: number[] } => ({
    data: Float64Array.from(data),
    shape: [data.length],
  });
  return runKernel({
    kernel: 'ctc',
    inputs: {
      scores: { data: logP, shape: [frames.length, 1, width] },
      target: { data: Float64Array.from(labels), shape: [1, labels.length] },
      inputLength: of(frames.length),
      targetLength: of(labels.length),
    },
    parameters: {},
    facts: {
      scoresAre: 'log-probability',
      infeasible: Number.POSITIVE_INFINITY,
      gradientBy: 'scores',
      blank,
    },
    gradients: [],
    shares: Float64Array.of(1),
  }).elements[0]!;
}
