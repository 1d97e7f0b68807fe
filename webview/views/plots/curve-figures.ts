/** The curve as figures, for its numbers to be read and exported as those of any plot. */
import { t } from '@vscode/l10n';
import type { Lines, Outcome } from '../../../extension/panel/protocol.ts';

export function curveFigures({ curve, points }: Pick<Outcome, 'curve' | 'points'>): Lines[] {
  const { xLabel, gradientLabel, series } = curve;
  return (['loss', 'gradient'] as const).map((quantity) => ({
    mark: 'lines',
    caption: quantity === 'loss' ? t('Loss') : gradientLabel,
    x: { label: xLabel },
    y: { label: quantity === 'loss' ? t('loss') : gradientLabel },
    series: series.map(({ label, x, [quantity]: y }) => ({ label: label || 'curve', x, y })),
    points: points
      ? [
          {
            label: t('your elements'),
            x: points.x,
            y: points[quantity],
            rows: points.row,
            marked: new Float64Array(),
          },
        ]
      : [],
    rules: [],
  }));
}
