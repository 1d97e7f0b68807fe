/** A small table in the shape of the engine's own, so that recognition is tested for itself. */
import type { ArgumentInfo, SymbolInfo } from '../../../engine/catalogue.ts';
import { type RecognisedLoss, recogniser } from '../../../engine/recognise/recogniser.ts';

const input = (name: string): ArgumentInfo => ({ name, kind: 'input' });
const option = (name: string): ArgumentInfo => ({ name, kind: 'parameter', default: '' });
const ignored = (name: string): ArgumentInfo => ({ name, kind: 'ignored' });
const nothingElse = { inputs: [], parameters: [], caveats: [] } as const;

const bases = {
  'mean-squared-error': ['MSELoss', 'mse_loss', []],
  'mean-absolute-error': ['L1Loss', 'l1_loss', []],
  huber: ['HuberLoss', 'huber_loss', ['delta']],
  'smooth-l1': ['SmoothL1Loss', 'smooth_l1_loss', ['beta']],
  'kl-divergence': ['KLDivLoss', 'kl_div', ['log_target']],
  'sparse-categorical-cross-entropy': [
    'CrossEntropyLoss',
    'cross_entropy',
    ['ignore_index', 'label_smoothing'],
  ],
} as const;

const kerasBases = {
  'mean-squared-error': ['MeanSquaredError', 'mean_squared_error', ['MSE', 'mse'], []],
  'mean-absolute-error': ['MeanAbsoluteError', 'mean_absolute_error', ['MAE', 'mae'], []],
  huber: ['Huber', 'huber', [], ['delta']],
  'binary-cross-entropy': [
    'BinaryCrossentropy',
    'binary_crossentropy',
    [],
    ['from_logits', 'label_smoothing', 'axis'],
  ],
  'kl-divergence': ['KLDivergence', 'kl_divergence', [], []],
} as const;

function torchSymbols(): SymbolInfo[] {
  return Object.entries(bases).flatMap(([loss, [className, functionName, options]]): SymbolInfo[] => {
    const weighted = loss === 'sparse-categorical-cross-entropy' ? [input('weight')] : [];
    const legacy = [ignored('size_average'), ...options.map(option)];
    const constructorArguments = [...weighted, ...legacy, option('reduction')];
    const callArguments = [input('input'), input('target')];
    const name = `torch.nn.${className}`;
    const alias = `torch.nn.modules.loss.${className}`;
    const asFunction = `torch.nn.functional.${functionName}`;
    return [
      {
        name,
        framework: 'torch',
        kind: 'class',
        loss,
        paths: [name, alias],
        constructorArguments,
        callArguments,
        ...nothingElse,
      },
      {
        ...{ name: asFunction, framework: 'torch', kind: 'function', loss, paths: [asFunction] },
        callArguments: [...callArguments, ...constructorArguments],
        ...nothingElse,
      },
    ];
  });
}

function kerasSymbols(): SymbolInfo[] {
  return Object.entries(kerasBases).flatMap(
    ([loss, [className, functionName, short, options]]): SymbolInfo[] => {
      const paths = (name: string) => {
        return ['keras', 'tf.keras', 'tensorflow.keras', 'tf_keras', 'tf'].map(
          (root) => `${root}.losses.${name}`,
        );
      };
      const callArguments = [input('y_true'), input('y_pred')];
      const constructorArguments = [...options.map(option), option('reduction'), ignored('name')];
      return [
        {
          ...{
            name: `keras.losses.${className}`,
            framework: 'keras',
            kind: 'class',
            loss,
            paths: paths(className),
          },
          ...{ constructorArguments, callArguments: [...callArguments, input('sample_weight')] },
          ...nothingElse,
        },
        {
          ...{ name: `keras.losses.${functionName}`, framework: 'keras', kind: 'function', loss },
          paths: [functionName, ...short].flatMap(paths),
          callArguments: [...callArguments, ...options.map(option)],
          ...nothingElse,
        },
      ];
    },
  );
}

/** Written as Python writes TensorFlow's own losses, and no part of Python. */
const javaScriptSymbol: SymbolInfo = {
  name: 'tf.losses.huberLoss',
  framework: 'tfjs',
  kind: 'function',
  loss: 'huber',
  paths: ['tf.losses.huberLoss', '@tensorflow/tfjs.losses.huberLoss'],
  callArguments: [input('labels'), input('predictions')],
  ...nothingElse,
};

const delta = { name: 'delta', kind: 'number', default: 1, description: '' } as const;

export const small = recogniser(
  [javaScriptSymbol, ...torchSymbols(), ...kerasSymbols()],
  ['lsgan-generator', 'huber', 'dice'].map((id) => ({ id, parameters: id === 'huber' ? [delta] : [] })),
);

/** What is found, as `text:symbol` with the common prefixes left out; symbols of instances in parentheses. */
export function found(source: string): string[] {
  return small.findLosses(source, 'python').map((loss) => describeLoss(source, loss));
}

export function describeLoss(source: string, loss: RecognisedLoss): string {
  const symbol = loss.symbol.replace(/^(torch\.nn|keras\.losses)\.(functional\.)?/, '');
  return `${source.slice(loss.start, loss.end)}:${loss.kind === 'instance' ? `(${symbol})` : symbol}`;
}

/** A source with `|` where the cursor is. */
export function marked(text: string): { source: string; offset: number } {
  const offset = text.indexOf('|');
  return { source: text.slice(0, offset) + text.slice(offset + 1), offset };
}
