/** The views of the panel, in the order of their tabs. */
import { t } from '@vscode/l10n';
import { compareTab } from './compare/view.ts';
import { elementsTab } from './elements/view.ts';
import { explainTab } from './explain/view.ts';
import { historyTab } from './history/view.ts';
import { plotsTab } from './plots/view.ts';
import { referenceTab } from './reference/view.ts';
import type { ViewInfo } from './view.ts';

export const views = (): readonly ViewInfo[] => [
  { id: 'plots', title: t('Plots'), draws: true, make: plotsTab },
  { id: 'elements', title: t('Elements'), ofElement: true, make: elementsTab },
  { id: 'explain', title: t('Explain'), ofElement: true, make: explainTab },
  { id: 'compare', title: t('Compare'), make: compareTab },
  { id: 'history', title: t('History'), make: historyTab },
  { id: 'reference', title: t('Reference'), applies: ({ loss }) => loss !== undefined, make: referenceTab },
];
