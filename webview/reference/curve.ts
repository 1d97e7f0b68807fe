/** The curve of a loss as the textbook or a framework's symbol computes it, with the parameters to play with. */
import { t } from '@vscode/l10n';
import type { Failure, WireParameters } from '../../extension/panel/protocol.ts';
import type { ReferenceExchanges, Subject } from '../../extension/reference/protocol.ts';
import { choiceControl } from '../controls/index.ts';
import { h } from '../dom.ts';
import { latest } from '../latest.ts';
import { type ParametersView, parametersView } from '../parameters.ts';
import { plotsView } from '../plots/curve.ts';
import { type Asking, isRequestError } from '../requests.ts';

export function curveView(subjects: readonly Subject[], requests: Asking<ReferenceExchanges>): HTMLElement {
  const plots = plotsView(() => {});
  const controls = h('div', { class: 'curve-controls' });
  const problem = h('p', { class: 'field-problem', role: 'alert' });
  let parameters: ParametersView | undefined;

  const draw = latest<{ readonly name: string; readonly parameters: WireParameters }>(async (asked) => {
    try {
      plots.show({ curve: await requests.ask('curve', asked) });
      parameters?.accept();
      problem.textContent = '';
    } catch (error) {
      const { code, message, details }: Failure = isRequestError(error)
        ? error.failure
        : { code: 'internal', message: String(error), details: {} };
      const whole = details.expected === undefined ? message : t`${message} Expected: ${details.expected}.`;
      if (parameters && code === 'parameter') parameters.refuse(whole);
      else problem.textContent = whole;
    }
  });
  const choose = ({ name, controls: infos }: Subject): void => {
    parameters = parametersView(infos, (values) => draw({ name, parameters: values }));
    controls.replaceChildren(parameters.element);
    controls.hidden = infos.length === 0;
    draw({ name, parameters: {} });
  };
  choose(subjects[0]!);
  return h(
    'div',
    { class: 'curve-frame' },
    h(
      'div',
      { class: 'curve-side' },
      h(
        'div',
        { class: 'curve-subject' },
        h('span', { 'aria-hidden': 'true' }, t('As computed by')),
        choiceControl({
          label: t('As computed by'),
          choices: subjects.map((subject) => ({ label: subject.label, value: subject })),
          value: subjects[0]!,
          onChange: choose,
        }),
      ),
      controls,
      problem,
    ),
    plots.element,
  );
}
