import { t } from '@vscode/l10n';
import { floatInput, type Loss } from '../../definition.ts';
import { add, type Expr, type Input, max, mul, neg, stop, sub } from '../../language/expression.ts';
import { elementwise, requireValues } from '../../layout.ts';
import { rankingCurve } from '../curves.ts';

/** max(0, −y(s⁺ − s⁻) + margin); `atKink`: the share of the gradient where the two are equal. */
export const marginRankingLoss = (
  positive: Expr,
  negative: Expr,
  label: Expr,
  margin: Expr,
  { atKink }: { atKink: number },
): Expr => max(add(neg(mul(label, sub(positive, negative))), margin), 0, { tie: atKink });

export const marginRanking: Loss = {
  id: 'margin-ranking',
  title: 'Margin ranking loss',
  family: 'ranking',
  inputs: [
    floatInput('positive', 'scores, any shape'),
    floatInput('negative', 'scores, same shape'),
    floatInput('label', '1 where positive should rank higher, −1 where lower, same shape'),
  ],
  parameters: [
    {
      name: 'margin',
      kind: 'number',
      default: 0,
      description: 'by how much one score has to exceed the other',
    },
  ],
  reduction: 'mean',
  program(call) {
    const [positive, negative, label] = elementwise(call, ['positive', 'negative', 'label']) as [
      Input,
      Input,
      Input,
    ];
    requireValues(
      call,
      'label',
      (y) => y === 1 || y === -1,
      'label-out-of-range',
      t('Labels say which score ranks higher.'),
      '1 or −1',
    );
    // A label is one of two signs: there is no gradient by it.
    const order = stop(label);
    return { elements: marginRankingLoss(positive, negative, order, call.uniform('margin'), { atKink: 0 }) };
  },
  curve: rankingCurve('positive', 'negative', 'label'),
};
