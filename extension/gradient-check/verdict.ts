/** What a check of a gradient came to, element by element. No `vscode` here. */

/** What the kernel measured at one element. */
export interface Measured {
  /** Row-major. */
  readonly flat: number;
  readonly at: number;
  /** Absent where the library does not differentiate. */
  readonly autograd?: number;
  /** By finite differences, and how far it is to be trusted. */
  readonly difference?: number;
  readonly error?: number;
  /** The slopes on both sides, where they differ. */
  readonly left?: number;
  readonly right?: number;
  /** Why there is no difference. */
  readonly outside?: string;
}

export interface MeasuredInput {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether autograd says that the result does not depend on it. */
  readonly unused: boolean;
  readonly elements: readonly Measured[];
}

/** What the kernel answered. */
export interface Checked {
  readonly library: string;
  /** What the function computed in. */
  readonly dtype: string;
  /** Of its result; gradients are those of the sum. */
  readonly shape: readonly number[];
  readonly value: number;
  readonly inputs: readonly MeasuredInput[];
}

/**
 * `agrees` within what rounding allows; `kink`: between the slopes of both sides; `unsure`: the differences cannot
 * tell; `outside`: there are none.
 */
export type Verdict = 'differs' | 'unsure' | 'outside' | 'kink' | 'agrees';

export interface Row extends Measured {
  readonly index: readonly number[];
  /** Of autograd by the differences; absent where there is no autograd. */
  readonly verdict?: Verdict;
  readonly catalogue?: number;
  /** Of the user's gradient by the catalogue's. */
  readonly catalogueVerdict?: Verdict;
}

/** @param catalogue  the gradient of the catalogue's loss by this input, in full */
export function rowsOf(input: MeasuredInput, dtype: string, catalogue?: ArrayLike<number>): Row[] {
  const relative = dtype === 'float64' ? 1e-6 : dtype === 'float32' ? 1e-3 : 3e-2;
  const scale = Math.max(
    0,
    ...input.elements.map(({ autograd, difference }) => Math.abs(autograd ?? difference ?? 0)),
  );
  return input.elements.map((element) => {
    const { autograd, difference, error = 0, flat } = element;
    const slack = 10 * error + relative * Math.max(Math.abs(difference ?? 0), 1e-3 * scale);
    const theirs = catalogue?.[flat];
    const ours = autograd ?? difference;
    return {
      ...element,
      index: indexOf(flat, input.shape),
      ...(autograd !== undefined && { verdict: verdictOf(element, autograd, slack, scale) }),
      ...(theirs !== undefined && { catalogue: theirs }),
      ...(theirs !== undefined &&
        ours !== undefined && {
          catalogueVerdict:
            autograd === undefined
              ? verdictOf(element, theirs, slack, scale)
              : near(ours, theirs, relative * Math.max(Math.abs(theirs), 1e-3 * scale))
                ? 'agrees'
                : atKink(element, theirs, slack),
        }),
    };
  });
}

/** At a kink every slope between both sides is a gradient. */
const atKink = (element: Measured, gradient: number, slack: number): Verdict =>
  element.left !== undefined && between(element, gradient, slack) ? 'kink' : 'differs';

function verdictOf(element: Measured, gradient: number, slack: number, scale: number): Verdict {
  const { difference, error = 0, left } = element;
  if (difference === undefined) return 'outside';
  if (left !== undefined) return between(element, gradient, slack) ? 'kink' : 'differs';
  if (near(gradient, difference, slack)) {
    return error > 0.05 * Math.max(Math.abs(gradient), 1e-3 * scale) && error > 0 && scale > 0
      ? 'unsure'
      : 'agrees';
  }
  return 'differs';
}

function between(
  { left = Number.NaN, right = Number.NaN }: Measured,
  gradient: number,
  slack: number,
): boolean {
  return gradient >= Math.min(left, right) - slack && gradient <= Math.max(left, right) + slack;
}

const near = (one: number, other: number, slack: number): boolean =>
  Object.is(one, other) || Math.abs(one - other) <= slack;

function indexOf(flat: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = flat;
  for (const extent of [...shape].reverse()) {
    index.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return index;
}

export function counted(verdicts: readonly (Verdict | undefined)[]): Readonly<Record<Verdict, number>> {
  const counts = { differs: 0, unsure: 0, outside: 0, kink: 0, agrees: 0 };
  for (const verdict of verdicts) if (verdict) counts[verdict]++;
  return counts;
}
