/** What went wrong, in words and facts. */
import { t } from '@vscode/l10n';
import type { Failure } from '../extension/panel/protocol.ts';
import { button } from './controls/index.ts';
import { h } from './dom.ts';
import { isRequestError } from './requests.ts';

export function failureView(
  { message, details, code }: Failure,
  { retry }: { readonly retry?: () => void } = {},
): HTMLElement {
  const facts = [
    [t('Found'), details.found],
    [t('Expected'), details.expected],
    [t('First at index'), details.index && `[${details.index.join(', ')}]`],
    [t('How many'), details.count?.toString()],
  ] as const;
  const given = facts.filter((fact): fact is [(typeof fact)[0], string] => fact[1] !== undefined);
  return h(
    'div',
    { class: 'failure', role: 'alert', 'data-code': code },
    h('p', { class: 'failure-message' }, message),
    given.length > 0 &&
      h('dl', {}, ...given.flatMap(([term, text]) => [h('dt', {}, term), h('dd', {}, text)])),
    retry && button({ label: t('Try again'), onPress: retry }),
  );
}

/** In one sentence, for where there is no room for facts. */
export function fullMessage({ message, details }: Failure): string {
  return details.expected === undefined ? message : t`${message} Expected: ${details.expected}.`;
}

export function failureOf(error: unknown): Failure {
  if (isRequestError(error)) return error.failure;
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: t`The panel failed unexpectedly: ${reason}`, details: {} };
}
