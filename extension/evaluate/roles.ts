/** Which array is which of a loss's inputs, by name, dtype and shape. No `vscode` here. */
import type { InputInfo } from '../../engine/catalogue.ts';
import type { ArrayOffer } from '../arrays/offer.ts';

/** What is told of an array before it is loaded. */
export type Candidate = Pick<ArrayOffer, 'name' | 'dtype' | 'shape' | 'whole'>;

export interface Match<C extends Candidate> {
  readonly roles: ReadonlyMap<string, C>;
  /** Every candidate has its place, no required input is left, and no other arrangement is as good. */
  readonly sure: boolean;
}

/** What people call the arrays that play one part, whatever the framework calls it. */
const synonyms: readonly ReadonlySet<string>[] = [
  'prediction predictions predicted predict pred preds yhat ypred input inputs output outputs out logit logits score scores prob probs proba probability probabilities logprobs logprob logprobabilities',
  'target targets true truth ytrue y label labels gt groundtruth expected actual reference classes',
  'weight weights sampleweight classweight w',
  'anchor anchors query queries',
  'positive positives pos',
  'negative negatives neg',
  'variance variances var vars',
  'real reals',
  'fake fakes generated',
  'first x1 input1 a',
  'second x2 input2 b',
].map((line) => new Set(line.split(' ')));

const impossible = Number.NEGATIVE_INFINITY;
const worth = { sameName: 8, synonym: 4, partOfName: 3, dtype: 2, rank: 1 } as const;

/** More would try too many arrangements, and no loss takes as many arrays. */
const mostCandidates = 7;

/**
 * The best arrangement; where two are equally good, the one in the order of the inputs and of the candidates.
 * Optional inputs are given only what is called by their name.
 */
export function matchRoles<C extends Candidate>(
  inputs: readonly InputInfo[],
  candidates: readonly C[],
): Match<C> {
  const offered = candidates.slice(0, mostCandidates);
  let best: ReadonlyMap<string, C> = new Map();
  let bestWorth = -1;
  let ties = 0;
  const arrange = (next: number, given: Map<string, C>, total: number): void => {
    if (next === inputs.length) {
      const complete = total + 100 * given.size;
      if (complete === bestWorth) ties++;
      if (complete > bestWorth) [best, bestWorth, ties] = [new Map(given), complete, 1];
      return;
    }
    const input = inputs[next]!;
    for (const candidate of offered) {
      if ([...given.values()].includes(candidate)) continue;
      const fit = fitOf(input, candidate, offered);
      if (fit === impossible || (input.optional && fit < worth.partOfName)) continue;
      given.set(input.name, candidate);
      arrange(next + 1, given, total + fit);
      given.delete(input.name);
    }
    arrange(next + 1, given, total);
  };
  arrange(0, new Map(), 0);
  const complete = inputs.every(({ name, optional }) => optional || best.has(name));
  return { roles: best, sure: complete && ties === 1 && best.size === candidates.length };
}

function fitOf(
  input: InputInfo,
  { name, dtype, shape, whole }: Candidate,
  all: readonly Candidate[],
): number {
  if (input.kind === 'integer' && whole === false) return impossible;
  let fit = name === undefined ? 0 : nameFit(input.name, name);
  if (input.kind !== 'float') {
    if (dtype !== undefined && !dtype.includes('float')) fit += worth.dtype;
    // Class numbers lack the axis that the scores have.
    const highest = Math.max(...all.map((other) => other.shape?.length ?? 0));
    if (shape && shape.length < highest) fit += worth.rank;
  }
  return fit;
}

function nameFit(role: string, name: string): number {
  const [wanted, given] = [lettersOf(role), lettersOf(name)];
  if (wanted === given) return worth.sameName;
  const part = synonyms.find((words) => words.has(wanted));
  if (!part) return 0;
  if (part.has(given)) return worth.synonym;
  const words = name.split(/[_\W\d]+|(?<=[a-z])(?=[A-Z])/).map(lettersOf);
  return words.some((word) => part.has(word)) ? worth.partOfName : 0;
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d]/g, '');
}
