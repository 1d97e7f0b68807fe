import { plotsView } from '../../plots/curve.ts';
import type { Stage, View } from '../view.ts';

export function plotsTab({ selection }: Stage): View {
  const { element, show } = plotsView((row) => selection.choose(row));
  return { element, show };
}
