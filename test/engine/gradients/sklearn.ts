/** scikit-learn's metrics, whose gradients are the engine's own, and the losses of the catalogue that they bring. */
import { array } from '../../../engine/array.ts';
import { RandomInputs } from '../random-inputs.ts';
import { describeLosses } from './set-ups.ts';

const random = new RandomInputs(20240304);

const shapes = [[5], [2, 3], [2, 2, 3]] as const;

describeLosses(['pinball'], () =>
  shapes.map((shape) => ({
    inputs: { prediction: random.prediction(...shape), target: random.target(...shape) },
    parameters: { alpha: 0.3 },
  })),
);

describeLosses(['tweedie-deviance'], () =>
  [1, 1.5, 2, 3].map((power) => ({
    inputs: { prediction: random.weight(2, 3), target: random.weight(2, 3) },
    parameters: { power },
  })),
);

const metric = (name: string): string => `sklearn.metrics.${name}`;

for (const name of [
  'mean_squared_error',
  'root_mean_squared_error',
  'mean_absolute_error',
  'mean_absolute_percentage_error',
  'mean_squared_log_error',
  'root_mean_squared_log_error',
  'mean_pinball_loss',
]) {
  describeLosses([metric(name)], () => {
    const draw = (...shape: number[]) =>
      /log|percentage/.test(name)
        ? { y_true: random.weight(...shape), y_pred: random.weight(...shape) }
        : { y_true: random.target(...shape), y_pred: random.prediction(...shape) };
    const parameters = name.includes('pinball') ? { alpha: 0.8 } : {};
    const sample_weight = random.weight(4);
    return [
      { inputs: draw(5), parameters },
      { inputs: { ...draw(4, 3), sample_weight }, parameters },
      { inputs: { ...draw(4, 3), sample_weight }, parameters: { ...parameters, multioutput: 'raw_values' } },
      { inputs: { ...draw(4, 3), sample_weight, multioutput: random.weight(3) }, parameters },
    ];
  });
}

describeLosses(
  ['mean_poisson_deviance', 'mean_gamma_deviance', 'mean_tweedie_deviance'].map(metric),
  (name) =>
    (name.includes('tweedie') ? [0, 1.3, 3, -0.7] : [undefined]).map((power) => ({
      inputs: { y_true: random.weight(5), y_pred: random.weight(5), sample_weight: random.weight(5) },
      ...(power !== undefined && { parameters: { power } }),
    })),
);

const classes = array(BigInt64Array.of(0n, 1n, 2n), { shape: [3] });
const balanced = array(BigInt64Array.of(0n, 2n, 1n, 2n), { shape: [4] });
const both = array(BigInt64Array.of(1n, 0n, 0n, 1n), { shape: [4] });

describeLosses(['log_loss', 'brier_score_loss'].map(metric), (name) => {
  const sample_weight = random.weight(4);
  return [
    { inputs: { y_true: both, y_proba: random.probability(4), sample_weight } },
    { inputs: { y_true: balanced, y_proba: random.distribution([4, 3]), sample_weight, labels: classes } },
    ...(name.includes('log')
      ? [{ inputs: { y_true: both, y_pred: random.probability(4) }, parameters: { normalize: false } }]
      : [{ inputs: { y_true: both, y_proba: random.probability(4) }, parameters: { scale_by_half: false } }]),
  ];
});

describeLosses([metric('hinge_loss')], () => [
  { inputs: { y_true: both, pred_decision: random.prediction(4), sample_weight: random.weight(4) } },
  { inputs: { y_true: balanced, pred_decision: random.prediction(4, 3), sample_weight: random.weight(4) } },
]);
