/** scikit-learn's metrics that count or rank, and POT's relatives of the earth mover's distance. */
import type { ExplainedSymbol } from '../../catalogue.ts';
import { explain } from './declare.ts';
import { unmeasured } from './refusals.ts';

const counts = 'it counts or ranks, so it has no gradient to show';

const metric = (
  name: string,
  call: string,
  summary: string,
  more: { readonly refusal?: string; readonly caveats?: readonly string[] } = {},
): ExplainedSymbol =>
  explain({
    name: `sklearn.metrics.${name}`,
    framework: 'sklearn',
    paths: [`sklearn.metrics.${name}`],
    call,
    summary,
    refusal: counts,
    ...more,
  });

export const scientificExplained: readonly ExplainedSymbol[] = [
  metric(
    'median_absolute_error',
    "y_true, y_pred, *, multioutput='uniform_average', sample_weight=None",
    'The median of the absolute errors: half of the samples are off by more.',
    { refusal: unmeasured },
  ),
  metric('max_error', 'y_true, y_pred', 'The largest absolute error of all samples.', {
    refusal: unmeasured,
  }),
  metric(
    'zero_one_loss',
    'y_true, y_pred, *, normalize=True, sample_weight=None',
    'The share of samples that are not classified right.',
    { caveats: ['With several labels a sample is right only if all of them are.'] },
  ),
  metric(
    'hamming_loss',
    'y_true, y_pred, *, sample_weight=None',
    'The share of labels that are not predicted right.',
  ),
  metric(
    'label_ranking_loss',
    'y_true, y_score, *, sample_weight=None',
    'The share of pairs of a true and a false label that are ordered wrongly, averaged over the samples.',
  ),
  explain({
    name: 'ot.emd2_1d',
    framework: 'pot',
    loss: 'earth-movers-distance',
    paths: ['ot.emd2_1d', 'ot.lp.emd2_1d', 'ot.lp.solver_1d.emd2_1d'],
    call: "x_a, x_b, a=None, b=None, metric='sqeuclidean', p=1.0, dense=True, log=False",
    summary: 'The minimal cost of moving one distribution on a line onto another.',
    refusal: unmeasured,
    caveats: ['The default cost is the squared distance, unlike that of `ot.wasserstein_1d`.'],
  }),
  explain({
    name: 'ot.sinkhorn2',
    framework: 'pot',
    loss: 'earth-movers-distance',
    paths: ['ot.sinkhorn2', 'ot.bregman.sinkhorn2'],
    call: "a, b, M, reg, method='sinkhorn', numItermax=1000, stopThr=1e-09, verbose=False, log=False, warn=False, warmstart=None",
    summary:
      'The cost of the transport plan that is smoothed by an entropy term of weight `reg`, found by iteration.',
    refusal: unmeasured,
    caveats: ['It is above the exact cost, and the more so the larger `reg` is.'],
  }),
  explain({
    name: 'ot.sliced_wasserstein_distance',
    framework: 'pot',
    loss: 'earth-movers-distance',
    paths: ['ot.sliced_wasserstein_distance', 'ot.sliced.sliced_wasserstein_distance'],
    call: 'X_s, X_t, a=None, b=None, n_projections=50, p=2, projections=None, seed=None, log=False, scaler=None',
    summary:
      'The Wasserstein distance of two samples, averaged over random directions in which they are projected onto a line.',
    refusal: 'it draws directions at random at each call',
  }),
];
