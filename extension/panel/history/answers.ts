import { t } from '@vscode/l10n';
import { RefusedError } from '../../../engine/presentation/wire.ts';
import type { Handlers } from '../answer.ts';
import { asText, fromText, kept } from '../keep.ts';
import type { Shown } from '../shown.ts';
import { writtenOut } from '../written.ts';
import type { HistoryEntry, HistoryExchanges } from './protocol.ts';
import { History, keyOf } from './store.ts';

export function historyAnswers({ context, session, show }: Shown): Handlers<HistoryExchanges> {
  const history = new History(context.workspaceState);
  return {
    record: async ({ parameters, value }) => {
      const { request, opening } = await shownBy(session);
      const { title, source, keep } = opening;
      await history.add(
        {
          title,
          loss: request.loss,
          ...(source !== undefined && { source }),
          parameters: asText(parameters),
          written: await writtenOut(request.loss, parameters),
          value: String(value).slice(0, 200),
        },
        keep,
        Date.now(),
      );
      return {};
    },
    history: async ({ parameters }) => {
      const { opening } = await shownBy(session);
      const key = await keyOf(opening.keep);
      const { entries } = history;
      const current = JSON.stringify(asText(parameters));
      // It may have been evaluated more than once.
      const here = entries.find((entry) => entry.key === key && JSON.stringify(entry.parameters) === current);
      return {
        entries: entries.map((entry): HistoryEntry => {
          const { id, time, title, loss, source, written, value } = entry;
          return {
            id,
            time,
            title,
            loss,
            ...(source !== undefined && { source }),
            parameters: written,
            value,
            isKept: entry.key === key || history.dataOf(entry) !== undefined,
            isHere: entry === here,
          };
        }),
      };
    },
    goBack: async ({ id }) => {
      const entry = history.entries.find((each) => each.id === id);
      const { opening } = await shownBy(session);
      if (entry?.key === (await keyOf(opening.keep))) return { parameters: fromText(entry.parameters) };
      const keep = entry && history.dataOf(entry);
      if (keep === undefined)
        throw new RefusedError(t('The data of this evaluation are no longer kept. Evaluate the loss again.'));
      show(kept({ keep, parameters: entry!.parameters }));
      return {};
    },
    clearHistory: async () => {
      await history.clear();
      return {};
    },
  };
}

async function shownBy(session: Shown['session']) {
  const shown = await session();
  return { request: shown.request, opening: shown.open() };
}
