import type { Body, Call, FrameworkSymbol } from '../../definition.ts';
import { add, div, type Expr, mul, sub, sum } from '../../language/expression.ts';
import { overlapCurve } from '../../losses/curves.ts';
import { diceLoss } from '../../losses/image/dice.ts';
import { tverskyDenominator } from '../../losses/image/tversky.ts';
import { axisOrAll, number, pair, reduction, yPred, yTrue } from './declare.ts';
import { epsilonOf, reduced, requireFloatPrediction } from './numbers.ts';
import { type Placed, place } from './shapes.ts';

/** A loss of the sums of two masks; what the library adds to a denominator is `epsilon`. */
const ofMasks =
  (lossOf: (call: Call, placed: Placed, intersection: Expr, epsilon: number) => Expr) =>
  (call: Call): Body => {
    requireFloatPrediction(call);
    const placed = place(call, {
      differing: 'broadcast',
      squeezes: false,
      axis: call.option<number | null>('axis'),
    });
    const intersection = sum(mul(placed.truth, placed.prediction), placed.classes);
    const loss = lossOf(call, placed, intersection, epsilonOf(call));
    const parts = { prediction: placed.prediction, target: placed.truth };
    return { ...reduced(call, loss, placed.weight), parts };
  };

const diceProgram = ofMasks((_call, { truth, prediction, ofTruth, ofPrediction }, intersection, epsilon) =>
  diceLoss(intersection, add(add(sum(truth, ofTruth), sum(prediction, ofPrediction)), epsilon), 0),
);

/** Keras 3.15 takes what y_true has and y_pred lacks for false positives: alpha weighs the false negatives. */
const tverskyProgram = ofMasks((call, { truth, prediction, classes }, intersection, epsilon) => {
  const missed = sum(mul(sub(1, prediction), truth), classes);
  const invented = sum(mul(prediction, sub(1, truth)), classes);
  const denominator = tverskyDenominator({
    intersection,
    falsePositives: missed,
    falseNegatives: invented,
    alpha: call.uniform('alpha'),
    beta: call.uniform('beta'),
  });
  return sub(1, div(intersection, add(denominator, epsilon)));
});

const masks = [yTrue('the true masks, any shape'), yPred('probabilities of the pixels, same shape')] as const;
const axisCaveat =
  'Without `axis` the whole batch is one mask. Loss Lens takes one axis, Keras a tuple of them too.';
const emptyCaveat = 'Two empty masks give 1, the largest loss: nothing is added to the intersection.';

const shares = [
  number('alpha', 0.5, 'in Keras 3.15, the weight of what y_pred misses (false negatives)'),
  number('beta', 0.5, 'in Keras 3.15, the weight of what y_pred invents (false positives)'),
];

export const overlap: readonly FrameworkSymbol[] = [
  ...pair({
    class: 'Dice',
    function: 'dice',
    loss: 'dice',
    inputs: masks,
    options: [axisOrAll],
    classOptions: [reduction],
    afterName: [axisOrAll],
    name: 'dice',
    isMetric: false,
    caveats: ['No sigmoid or softmax is applied: y_pred holds probabilities.', axisCaveat, emptyCaveat],
    program: diceProgram,
    curve: overlapCurve('y_pred', 'y_true', { axis: 1 }),
  }),
  ...pair({
    class: 'Tversky',
    function: 'tversky',
    loss: 'tversky',
    inputs: masks,
    options: [...shares, axisOrAll],
    classOptions: [...shares, reduction],
    afterName: [axisOrAll],
    name: 'tversky',
    isMetric: false,
    caveats: [axisCaveat, emptyCaveat],
    versions: [
      {
        before: '3.16',
        text: '`alpha` weighs the false negatives and `beta` the false positives, the reverse of its documentation; so it is evaluated here.',
      },
      {
        since: '3.16',
        text: '`alpha` weighs the false positives and `beta` the false negatives: give them here in reverse.',
      },
    ],
    program: tverskyProgram,
    curve: overlapCurve('y_pred', 'y_true', { axis: 1 }),
  }),
];
