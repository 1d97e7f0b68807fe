/** The views of the panel, in the order of their tabs. */
import { t } from '@vscode/l10n';
import type { ViewInfo } from './view.ts';

export const views = (): readonly ViewInfo[] => [
  {
    id: 'plots',
    title: t('Plots'),
    load: async () => (await import('./plots/view.ts')).plotsTab,
  },
  {
    id: 'elements',
    title: t('Elements'),
    ofElement: true,
    load: async () => (await import('./elements/view.ts')).elementsTab,
  },
  {
    id: 'explain',
    title: t('Explain'),
    ofElement: true,
    load: async () => (await import('./explain/view.ts')).explainTab,
  },
  {
    id: 'compare',
    title: t('Compare'),
    load: async () => (await import('./compare/view.ts')).compareTab,
  },
  {
    id: 'history',
    title: t('History'),
    load: async () => (await import('./history/view.ts')).historyTab,
  },
  {
    id: 'reference',
    title: t('Reference'),
    applies: ({ loss }) => loss !== undefined,
    load: async () => (await import('./reference/view.ts')).referenceTab,
  },
];
