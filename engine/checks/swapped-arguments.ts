import { type Node, none, unwrap } from '../recognise/python/syntax.ts';
import type { Check } from './check.ts';
import { replace } from './edits.ts';
import type { Program } from './program.ts';
import { argument, shortName } from './reading.ts';

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
];
const predictionName =
  /^(y_?pred(icted|ictions?|s)?|y_?hats?|preds?|predictions?|predicted|logits?|outputs?|y_?prob(a|as|s)?)$/i;
const targetName = /^(y_?trues?|targets?|labels?|ground_?truths?|gts?|y_?(train|test|val|batch))$/i;

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
      if (!targetName.test(lastName(program, prediction)) || !predictionName.test(lastName(program, target)))
        return [];
      const [first, second] = [prediction, target].sort((left, right) => left - right) as [Node, Node];
      const { syntax } = program;
      return [
        {
          start: syntax.from[first]!,
          end: syntax.to[second]!,
          message: `${shortName(call)} takes ${predictionArgument} ${prediction < target ? 'first' : 'second'} and ${targetArgument} ${prediction < target ? 'second' : 'first'}; by their names these are the other way round.`,
          fixes: [
            {
              title: 'Swap the arguments',
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

/** The name that a value goes by, without the methods that move or cast it. */
function lastName(program: Program, node: Node): string {
  const { syntax } = program;
  let inner = unwrap(syntax, node);
  while (syntax.name(inner) === 'CallExpression') {
    const callee = syntax.first[inner]!;
    const method = syntax.property(callee);
    if (method === none || !/^(to|cuda|cpu|float|long|view|squeeze|detach)$/.test(syntax.source(method)))
      return '';
    inner = unwrap(syntax, syntax.first[callee]!);
  }
  return syntax.name(inner) === 'VariableName' ? syntax.source(inner) : '';
}
