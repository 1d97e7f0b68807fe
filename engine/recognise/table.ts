/** The framework symbols by every path under which Python can name them. */
import type { KnownSymbol, LossInfo } from '../catalogue.ts';

/** What the recogniser needs of a catalogue loss; a `LossInfo` is one. */
export type KnownLoss = Pick<LossInfo, 'id' | 'parameters'>;

const kerasRoots = ['keras', 'tensorflow', 'tf_keras'];
const kerasLosses = 'keras.losses.';
const shortIds: Readonly<Record<string, string>> = {
  mse: 'mean_squared_error',
  mae: 'mean_absolute_error',
  mape: 'mean_absolute_percentage_error',
  msle: 'mean_squared_logarithmic_error',
  bce: 'binary_crossentropy',
  kld: 'kl_divergence',
};

/** What Keras 2 took besides, in sources that are still about. */
const formerIds: Readonly<Record<string, string>> = {
  logcosh: 'log_cosh',
  huber_loss: 'huber',
  kullback_leibler_divergence: 'kl_divergence',
};
/** Keras exports these, but its `compile` knows them by no string. */
const withoutId = /^(CategoricalGeneralizedCrossEntropy|categorical_generalized_cross_entropy)$/;

export class LossTable {
  readonly losses = new Map<string, KnownLoss>();
  readonly #symbols = new Map<string, KnownSymbol>();
  /** Every path and every module on the way to one. */
  readonly #known = new Set<string>();
  readonly #stringIds = new Map<string, KnownSymbol>();
  readonly #mention: RegExp;

  constructor(symbols: readonly KnownSymbol[], losses: readonly KnownLoss[]) {
    for (const loss of losses) this.losses.set(loss.id, loss);
    const roots = new Set(kerasRoots);
    // In Python `tf.losses` is Keras, not the module of TensorFlow.js that is written alike.
    const inPython = symbols.filter(({ framework }) => framework !== 'tfjs');
    for (const symbol of inPython) {
      for (const path of [symbol.name, ...symbol.paths].map(fullPath)) {
        if (!this.#symbols.has(path)) this.#symbols.set(path, symbol);
        roots.add(path.slice(0, path.indexOf('.')));
        for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
          this.#known.add(path.slice(0, end));
        }
      }
    }
    this.#mention = new RegExp(`\\b(?:${[...roots].join('|')})\\b|\\.compile\\s*\\(|#\\s*loss:`);
    this.#readStringIds(inPython);
  }

  /** False when nothing in this text can name a loss, so that it need not be parsed. */
  mayName(text: string): boolean {
    return this.#mention.test(text);
  }

  symbol(path: string): KnownSymbol | undefined {
    return this.#symbols.get(fullPath(path));
  }

  /** Whether the path is a loss, or a module in which there are some. */
  leads(path: string): boolean {
    return this.#known.has(fullPath(path)) || /^tensorflow\.compat(?:\.v[12])?$/.test(path);
  }

  /** The function that a Keras string id stands for. */
  stringId(id: string): KnownSymbol | undefined {
    return this.#stringIds.get(id);
  }

  isKeras(path: string): boolean {
    return kerasRoots.includes(path.split('.', 1)[0]!);
  }

  #readStringIds(symbols: readonly KnownSymbol[]): void {
    const keras = symbols.filter((symbol) => symbol.name.startsWith(kerasLosses));
    for (const symbol of keras) {
      const name = symbol.name.slice(kerasLosses.length);
      if (withoutId.test(name)) continue;
      const asFunction = this.#symbols.get(kerasLosses + snakeCase(name));
      this.#stringIds.set(name, asFunction ?? symbol);
    }
    for (const [short, name] of Object.entries(shortIds)) {
      const symbol = this.#symbols.get(kerasLosses + name);
      if (!symbol) continue;
      this.#stringIds.set(short, symbol);
      this.#stringIds.set(short.toUpperCase(), symbol);
    }
    for (const [former, name] of Object.entries(formerIds)) {
      const symbol = this.#symbols.get(kerasLosses + name);
      if (symbol) this.#stringIds.set(former, symbol);
    }
  }
}

/** `tf.` is only a habit of writing, and TensorFlow repeats its Keras under `compat.v1` and `compat.v2`. */
function fullPath(path: string): string {
  if (path.startsWith('tf.')) return `tensorflow.${path.slice(3)}`;
  return path.startsWith('tensorflow.compat.')
    ? path.replace(/^tensorflow\.compat\.v[12]\.keras/, 'tensorflow.keras')
    : path;
}

/** Keras names the function of `KLDivergence` `kl_divergence`. */
function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3_$2').toLowerCase();
}
