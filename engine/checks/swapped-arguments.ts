import { t } from '@vscode/l10n';
import { type Node, none } from '../recognise/tree.ts';
import type { Check } from './check.ts';
import type { Program } from './program.ts';
import { argument, replace, shortName } from './reading.ts';

/** Losses of which swapping the arguments changes the value or raises, with the names of prediction and target. */
const orders: readonly (readonly [symbols: RegExp, prediction: string, target: string])[] = [
  [
    /^torch\.nn\.(CrossEntropyLoss|NLLLoss|BCELoss|BCEWithLogitsLoss|KLDivLoss|functional\.(cross_entropy|nll_loss|binary_cross_entropy(_with_logits)?|kl_div))$/,
    'input',
    'target',
  ],
  [
    /^keras\.losses\.(Binary|Categorical|SparseCategorical|binary_|categorical_|sparse_categorical_)[cC]rossentropy$/,
    'y_pred',
    'y_true',
  ],
  [/^tf\.nn\.\w*cross_entropy_with_logits$/, 'logits', 'labels'],
  [/^optax\.\w*cross_entropy\w*$/, 'logits', 'labels'],
  [/^sklearn\.metrics\.log_loss$/, 'y_proba', 'y_true'],
  [/^tf\.losses\.softmaxCrossEntropy$/, 'logits', 'onehotLabels'],
  [/^tf\.losses\.sigmoidCrossEntropy$/, 'logits', 'multiClassLabels'],
  [/^tf\.losses\.(logLoss|hingeLoss)$/, 'predictions', 'labels'],
  [/^tf\.layers\.(binary|categorical)Crossentropy$/, 'yPred', 'yTrue'],
];
const predictionName =
  /^(y_?pred(icted|ictions?|s)?|y_?hats?|preds?|predictions?|predicted|logits?|outputs?|y_?prob(a|as|s)?)$/i;
const targetName =
  /^(y_?trues?|targets?|labels?|one_?hot_?(labels?|targets?)|ground_?truths?|gts?|y_?(train|test|val|batch))$/i;

export const swappedArguments: Check = {
  code: 'swapped-arguments',
  severity: 'warning',
  find: (program) =>
    program.calls.flatMap((call) => {
      const { symbol, alternatives } = call.named.reported;
      const order = orders.find(([symbols]) => symbols.test(symbol));
      if (!order || alternatives || call.evaluates === none) return [];
      const [, predictionArgument, targetArgument] = order;
      const prediction = argument(call, predictionArgument);
      const target = argument(call, targetArgument);
      if (prediction === none || target === none) return [];
      const named = isTarget(program, prediction) && isPrediction(program, target);
      if (!named && !holdEachOthers(program, symbol, prediction, target)) return [];
      // `compile({ loss: (pred, label) => … })` is called with the labels first.
      if (program.isHandedIn(prediction) && program.isHandedIn(target)) return [];
      const [first, second] = [prediction, target].sort((left, right) => left - right) as [Node, Node];
      const { syntax } = program;
      const byNames = targetName.test(program.lastName(prediction)) && hasName(program, target);
      const name = shortName(call);
      const [taken, other] =
        prediction < target ? [predictionArgument, targetArgument] : [targetArgument, predictionArgument];
      return [
        {
          start: syntax.from[first]!,
          end: syntax.to[second]!,
          message: byNames
            ? t`${name} takes ${taken} first and ${other} second; by their names these are the other way round.`
            : t`${name} takes ${taken} first and ${other} second; by what they hold these are the other way round.`,
          fixes: [
            {
              title: t('Swap the arguments'),
              edits: [
                replace(program, first, syntax.source(second)),
                replace(program, second, syntax.source(first)),
              ],
            },
          ],
        },
      ];
    }),
};

/** torch refuses a prediction of integers there. */
const refusesIntegers =
  /^torch\.nn\.(CrossEntropyLoss|NLLLoss|BCELoss|BCEWithLogitsLoss|functional\.(cross_entropy|nll_loss|binary_cross_entropy(_with_logits)?))$/;

/** Labels where the prediction belongs, and where they belong what an activation or a layer gives. */
function holdEachOthers(program: Program, symbol: string, prediction: Node, target: Node): boolean {
  const { kind, oneHot } = program.tensors.of(prediction);
  const integers = kind !== undefined && kind !== 'float' && refusesIntegers.test(symbol);
  return (oneHot || integers) && program.tensors.of(target).form !== undefined;
}

function hasName(program: Program, node: Node): boolean {
  return predictionName.test(program.lastName(node));
}

/** By its name, or because it is what a linear layer gives: no target is that. */
function isPrediction(program: Program, node: Node): boolean {
  return hasName(program, node) || program.tensors.of(node).form === 'logits';
}

function isTarget(program: Program, node: Node): boolean {
  return targetName.test(program.lastName(node)) || program.tensors.of(node).oneHot === true;
}
