/** pytorch-metric-learning: rows compared with rows, and with references, away from the hinges' kinks. */
import { RandomInputs } from '../random-inputs.ts';
import { describeLosses, type SetUp } from './set-ups.ts';

const random = new RandomInputs(20240407);

const onRows = (...parameters: NonNullable<SetUp['parameters']>[]): SetUp[] =>
  parameters.flatMap((given) => [
    {
      inputs: { embeddings: random.prediction(5, 3), labels: random.labels(2, 5) },
      parameters: given,
    },
    ...(given['swap']
      ? []
      : [
          {
            inputs: {
              embeddings: random.prediction(3, 2),
              labels: random.labels(2, 3),
              ref_emb: random.prediction(4, 2),
              ref_labels: random.labels(2, 4),
            },
            parameters: given,
          },
        ]),
  ]);

describeLosses(['pytorch_metric_learning.losses.ContrastiveLoss'], () =>
  onRows({}, { pos_margin: 0.3, neg_margin: 1.9 }),
);

describeLosses(['pytorch_metric_learning.losses.TripletMarginLoss'], () =>
  onRows({ margin: 0.7 }, { smooth_loss: true }, { swap: true, margin: 0.9 }),
);

describeLosses(['pytorch_metric_learning.losses.NTXentLoss'], () => onRows({}, { temperature: 0.8 }));
