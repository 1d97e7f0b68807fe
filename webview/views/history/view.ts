/** The evaluations of this workspace, with the way back to each. */
import { t } from '@vscode/l10n';
import type { HistoryEntry } from '../../../extension/panel/protocol.ts';
import { button, linkButton } from '../../controls/index.ts';
import { type Child, h } from '../../dom.ts';
import { failureOf, fullMessage } from '../../failure.ts';
import { answered } from '../section.ts';
import type { Stage, View } from '../view.ts';

export function historyTab({ requests, parameters, setParameters, onRecorded }: Stage): View {
  const told = h('p', { class: 'muted', role: 'status' });
  const list = answered(
    async (_: undefined) => requests.ask('history', { parameters: parameters() }),
    ({ entries }) => draw(entries),
  );
  const refresh = (): void => list.ask(undefined);

  const goBack = async (id: number): Promise<void> => {
    told.textContent = '';
    try {
      const { parameters: earlier } = await requests.ask('goBack', { id });
      if (earlier) setParameters(earlier);
    } catch (error) {
      told.textContent = fullMessage(failureOf(error));
    }
  };
  const draw = (entries: readonly HistoryEntry[]): readonly Child[] => {
    if (entries.length === 0) return [h('p', {}, t('Nothing was evaluated yet in this workspace.'))];
    return [
      h('ol', { class: 'history-list', reversed: '' }, ...entries.map((entry) => row(entry, goBack))),
      h(
        'div',
        { class: 'history-end' },
        button({
          label: t('Clear the history'),
          onPress: () => void requests.ask('clearHistory', {}).then(refresh, refresh),
        }),
        h(
          'p',
          { class: 'muted' },
          t(
            'Kept in the storage of this workspace and nowhere else: the last hundred, with two megabytes of their data.',
          ),
        ),
      ),
    ];
  };
  onRecorded(refresh);
  return { element: h('div', { class: 'history' }, told, list.element), show: refresh };
}

function row(
  { id, time, title, loss, source, parameters, value, isKept, isHere }: HistoryEntry,
  goBack: (id: number) => Promise<void>,
): HTMLElement {
  const what = [title === loss ? '' : loss, source ?? ''].filter((each) => each !== '').join(' · ');
  return h(
    'li',
    {
      class: isHere ? 'history-entry history-here' : 'history-entry',
      'aria-current': isHere ? 'true' : undefined,
    },
    h(
      'div',
      { class: 'history-main' },
      h('span', { class: 'history-value' }, value),
      isHere || !isKept
        ? h('span', {}, title)
        : linkButton({
            label: title,
            title: t('Go back to this evaluation'),
            onPress: () => void goBack(id),
          }),
    ),
    h(
      'div',
      { class: 'history-facts muted' },
      h('time', { datetime: new Date(time).toISOString() }, when(time)),
      what && h('span', {}, what),
      parameters && h('code', {}, parameters),
      isHere && h('span', {}, t('shown now')),
      !isKept && h('span', {}, t('its data are no longer kept')),
    ),
  );
}

/** The time of day; with the date, unless it is today's. */
function when(time: number): string {
  const date = new Date(time);
  const clock = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return date.toDateString() === new Date().toDateString() ? clock : `${date.toLocaleDateString()} ${clock}`;
}
