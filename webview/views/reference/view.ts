/** The loss's page, and the training step in which it would stand, to be put at the cursor. */
import { t } from '@vscode/l10n';
import type { SnippetView } from '../../../extension/panel/protocol.ts';
import { button, choiceControl } from '../../controls/index.ts';
import { h } from '../../dom.ts';
import { failureOf, failureView, fullMessage } from '../../failure.ts';
import { loadLibraries } from '../../libraries/index.ts';
import { articleOf } from '../../reference/page.ts';
import type { Stage, View } from '../view.ts';

export function referenceTab({ opening, requests, memory }: Stage): View {
  const element = h('div', { class: 'reference' });
  const load = async (): Promise<void> => {
    try {
      const [page, { snippets }] = await Promise.all([
        requests.ask('page', { id: opening.loss }),
        requests.ask('snippets', {}),
        loadLibraries(),
      ]);
      const follow = (id: string, fragment?: string): void => {
        if (id !== '' && id !== page.id) void requests.ask('openPage', { id }).catch(() => undefined);
        else if (fragment !== undefined) document.getElementById(fragment)?.scrollIntoView();
      };
      element.replaceChildren(
        ...(snippets.length > 0 ? [snippetsView(snippets)] : []),
        articleOf(page, requests, follow),
      );
    } catch (error) {
      element.replaceChildren(failureView(failureOf(error), { retry: () => void load() }));
    }
  };

  const snippetsView = (snippets: readonly SnippetView[]): HTMLElement => {
    const remembered = snippets.find(({ framework }) => framework === memory.read());
    let chosen = remembered ?? snippets[0]!;
    const code = h('code', {});
    const arrays = h('ul', { class: 'snippet-arrays' });
    const told = h('p', { class: 'snippet-told', role: 'status' });
    const insert = button({
      label: t('Insert at the cursor'),
      onPress: async () => {
        try {
          const { into } = await requests.ask('insertSnippet', { framework: chosen.framework });
          told.textContent = t`Inserted into ${into}.`;
        } catch (error) {
          told.textContent = fullMessage(failureOf(error));
        }
      },
    });
    const choose = (snippet: SnippetView): void => {
      chosen = snippet;
      code.textContent = snippet.code;
      arrays.replaceChildren(...snippet.arrays.map((line) => h('li', {}, line)));
      told.textContent = '';
    };
    choose(chosen);
    return h(
      'section',
      { class: 'snippet', 'aria-labelledby': 'snippet-heading' },
      h('h2', { id: 'snippet-heading' }, t('In a training step')),
      h(
        'div',
        { class: 'snippet-bar' },
        choiceControl({
          label: t('Framework of the snippet'),
          choices: snippets.map((snippet) => ({ label: snippet.title, value: snippet })),
          value: chosen,
          onChange: (snippet) => {
            choose(snippet);
            memory.write(snippet.framework);
          },
        }),
        insert,
        told,
      ),
      h('pre', { class: 'snippet-code', tabindex: '0', 'aria-label': t('The snippet') }, code),
      arrays,
    );
  };

  void load();
  // The page is of the loss, whatever the parameters.
  return { element, show() {} };
}
