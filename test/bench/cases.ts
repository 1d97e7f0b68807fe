/** The losses that are measured, under torch's names, and what they are given. */
import { array, type EvaluateRequest, type NdArray, type Parameters } from '../../engine/node.ts';

export interface Case {
  /** What the peers know it by. */
  readonly id: string;
  readonly title: string;
  /** A symbol of torch that the peers call, or a loss of the catalogue for which torch has none. */
  readonly symbol: string;
  readonly parameters?: Parameters;
  /** In the order of the symbol's arguments. */
  inputs(): Readonly<Record<string, NdArray>>;
  /** The inputs that are differentiated by; `input` where none are named. */
  readonly gradients?: readonly string[];
}

export const gradientsOf = ({ gradients = ['input'] }: Case): readonly string[] => gradients;

/** What `prepare` is asked for it. */
export const request = (
  of: Case,
  inputs: Readonly<Record<string, NdArray>>,
  backend: 'auto' | 'reference' | 'wasm',
): EvaluateRequest => ({
  loss: of.symbol,
  inputs,
  gradients: [...gradientsOf(of)],
  backend,
  ...(of.parameters && { parameters: of.parameters }),
});

type Numbers = () => number;

/** Uniform on [0, 1), the same on every machine. */
function uniform(seed: number): Numbers {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal, by Box and Muller. */
function normal(seed: number): Numbers {
  const next = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

function floats(shape: readonly number[], numbers: Numbers): NdArray {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < data.length; i++) data[i] = numbers();
  return array(data, { shape });
}

function labels(shape: readonly number[], classes: number): NdArray {
  const next = uniform(2);
  const data = new BigInt64Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < data.length; i++) data[i] = BigInt(Math.floor(next() * classes));
  return array(data, { shape });
}

/** Rows that are distributions, or their logarithms. */
function distributions(rows: number, columns: number, seed: number, logarithm: boolean): NdArray {
  const result = floats([rows, columns], normal(seed));
  const data = result.data as Float32Array;
  for (let row = 0; row < rows; row++) {
    const own = data.subarray(row * columns, (row + 1) * columns);
    const total = own.reduce((sum, x) => sum + Math.exp(x), 0);
    for (let i = 0; i < columns; i++) {
      own[i] = logarithm ? own[i]! - Math.log(total) : Math.exp(own[i]!) / total;
    }
  }
  return result;
}

const many = [10_000_000] as const;

const regression = () => ({
  input: floats(many, normal(1)),
  target: floats(many, normal(2)),
});

/** Probabilities that stay clear of 0 and 1, where the logarithms have a shorter way. */
const probability = (seed: number): Numbers => {
  const next = uniform(seed);
  return () => 0.001 + 0.998 * next();
};

const embeddings = [80_000, 128] as const;

const signs = (seed: number): Numbers => {
  const next = uniform(seed);
  return () => (next() < 0.5 ? -1 : 1);
};

const bits = (seed: number): Numbers => {
  const next = uniform(seed);
  return () => (next() < 0.5 ? 0 : 1);
};

function counts(shape: readonly number[]): NdArray {
  const next = uniform(2);
  return floats(shape, () => Math.floor(5 * next()));
}

/** Frames of log-probabilities, and labels that leave out the blank, 0. */
function alignments(): Record<string, NdArray> {
  const [frames, samples, classes, length] = [200, 64, 40, 40];
  const flat = distributions(frames * samples, classes, 1, true);
  const { data } = labels([samples, length], classes - 1);
  const whole = (size: number): NdArray =>
    array(new BigInt64Array(samples).fill(BigInt(size)), { shape: [samples] });
  return {
    log_probs: array(flat.data, { shape: [frames, samples, classes] }),
    targets: array(
      (data as BigInt64Array).map((label) => label + 1n),
      { shape: [samples, length] },
    ),
    input_lengths: whole(frames),
    target_lengths: whole(length),
  };
}

export const cases: readonly Case[] = [
  { id: 'mse', title: 'MSE', symbol: 'torch.nn.functional.mse_loss', inputs: regression },
  { id: 'mae', title: 'MAE', symbol: 'torch.nn.functional.l1_loss', inputs: regression },
  { id: 'huber', title: 'Huber', symbol: 'torch.nn.functional.huber_loss', inputs: regression },
  {
    id: 'bce',
    title: 'BCE',
    symbol: 'torch.nn.functional.binary_cross_entropy',
    inputs: () => ({ input: floats(many, probability(1)), target: floats(many, uniform(2)) }),
  },
  {
    id: 'bce-logits',
    title: 'BCE with logits',
    symbol: 'torch.nn.functional.binary_cross_entropy_with_logits',
    inputs: () => ({ input: floats(many, normal(1)), target: floats(many, uniform(2)) }),
  },
  {
    id: 'poisson',
    title: 'Poisson',
    symbol: 'torch.nn.functional.poisson_nll_loss',
    inputs: () => ({ input: floats(many, normal(1)), target: counts(many) }),
  },
  {
    id: 'kl',
    title: 'KL 100 000 × 100',
    symbol: 'torch.nn.functional.kl_div',
    parameters: { reduction: 'batchmean' },
    inputs: () => ({
      input: distributions(100_000, 100, 1, true),
      target: distributions(100_000, 100, 2, false),
    }),
  },
  {
    id: 'cross-entropy',
    title: 'Cross-entropy 100 000 × 100',
    symbol: 'torch.nn.functional.cross_entropy',
    inputs: () => ({ input: floats([100_000, 100], normal(1)), target: labels([100_000], 100) }),
  },
  {
    id: 'cross-entropy',
    title: 'Cross-entropy 8 000 × 1 000',
    symbol: 'torch.nn.functional.cross_entropy',
    inputs: () => ({ input: floats([8_000, 1_000], normal(1)), target: labels([8_000], 1_000) }),
  },
  {
    id: 'cross-entropy',
    title: 'Cross-entropy 8 × 21 × 512 × 512',
    symbol: 'torch.nn.functional.cross_entropy',
    inputs: () => ({ input: floats([8, 21, 512, 512], normal(1)), target: labels([8, 512, 512], 21) }),
  },
  {
    id: 'cosine-embedding',
    title: 'Cosine embedding 80 000 × 128',
    symbol: 'torch.nn.functional.cosine_embedding_loss',
    inputs: () => ({
      input1: floats(embeddings, normal(1)),
      input2: floats(embeddings, normal(2)),
      target: floats([embeddings[0]], signs(3)),
    }),
    gradients: ['input1', 'input2'],
  },
  {
    id: 'triplet',
    title: 'Triplet 80 000 × 128',
    symbol: 'torch.nn.functional.triplet_margin_loss',
    inputs: () => ({
      anchor: floats(embeddings, normal(1)),
      positive: floats(embeddings, normal(2)),
      negative: floats(embeddings, normal(3)),
    }),
    gradients: ['anchor', 'positive', 'negative'],
  },
  {
    id: 'dice',
    title: 'Dice',
    symbol: 'dice',
    parameters: { smooth: 1 },
    inputs: () => ({ prediction: floats(many, probability(1)), target: floats(many, bits(2)) }),
    gradients: ['prediction'],
  },
  {
    id: 'total-variation',
    title: 'Total variation 4 × 3 × 1 024 × 1 024',
    symbol: 'total-variation',
    inputs: () => ({ image: floats([4, 3, 1024, 1024], uniform(1)) }),
    gradients: ['image'],
  },
  {
    id: 'ctc',
    title: 'CTC T 200, N 64, C 40, S 40',
    symbol: 'torch.nn.functional.ctc_loss',
    inputs: alignments,
    gradients: ['log_probs'],
  },
];

/** Those whose title holds the text. */
export const matching = (text: string | undefined): readonly Case[] =>
  cases.filter(({ title }) => !text || title.toLowerCase().includes(text.toLowerCase()));
