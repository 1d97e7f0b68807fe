/** The loss's parameters as controls. */

import { t } from '@vscode/l10n';
import { translated } from '../engine/words.ts';
import type { ControlInfo, WireParameters, WireValue } from '../extension/panel/protocol.ts';
import { booleanControl, choiceControl, linkButton, numberControl, textControl } from './controls/index.ts';
import { h, withCode } from './dom.ts';

export interface ParametersView {
  readonly element: HTMLElement;
  /** Puts the host's objection beside the control that was changed last. */
  refuse(message: string): void;
  /** Takes objections back. */
  accept(): void;
  /** Puts the controls that are named to other values, as if a person had. */
  set(parameters: WireParameters): void;
}

export function parametersView(
  controls: readonly ControlInfo[],
  onChange: (parameters: WireParameters) => void,
): ParametersView {
  const values: Record<string, WireValue> = Object.fromEntries(
    controls.map(({ name, value }) => [name, value]),
  );
  const element = h('div', { class: 'parameters' });
  let fields = new Map<string, Field>();
  let changed = controls[0]?.name;
  const reset = linkButton({
    label: t('Reset to defaults'),
    onPress: () => {
      set(Object.fromEntries(controls.map(({ name, default: standard }) => [name, standard])));
    },
  });
  const set = (given: WireParameters): void => {
    for (const { name } of controls) {
      if (given[name] !== undefined) values[name] = given[name];
    }
    build();
    onChange({ ...values });
  };
  const offerReset = (): void => {
    reset.hidden = controls.every(({ name, default: standard }) => same(values[name]!, standard));
  };
  const build = (): void => {
    fields = new Map(
      controls.map((info) => [
        info.name,
        fieldOf(info, values[info.name]!, (value) => {
          values[info.name] = value;
          changed = info.name;
          offerReset();
          onChange({ ...values });
        }),
      ]),
    );
    element.replaceChildren(...[...fields.values()].map((field) => field.element), reset);
    offerReset();
  };
  build();
  return {
    element,
    set,
    refuse: (message) => fields.get(changed ?? '')?.complain(message),
    accept: () => {
      for (const field of fields.values()) field.complain(undefined);
    },
  };
}

interface Field {
  readonly element: HTMLElement;
  complain(message: string | undefined): void;
}

function fieldOf(info: ControlInfo, value: WireValue, onChange: (value: WireValue) => void): Field {
  const { name: label, kind } = info;
  const problem = h('p', { class: 'field-problem', role: 'alert' });
  const complain = (message: string | undefined): void => {
    problem.textContent = message ?? '';
    element.classList.toggle('field-invalid', message !== undefined);
  };
  const control = (): HTMLElement => {
    if (kind === 'number' || kind === 'integer') {
      return numberControl({
        ...info,
        label,
        integer: kind === 'integer',
        value: numberOf(value),
        standard: numberOf(info.default),
        onChange: (number) => onChange(number === null ? null : Float64Array.of(number)),
        onComplaint: complain,
      });
    }
    if (kind === 'text') {
      return textControl({
        label,
        value: value as string | null,
        placeholder: 'None',
        onChange,
      });
    }
    if (kind === 'boolean' && value !== null && info.default !== null) {
      return booleanControl({ label, value: value === true, onChange });
    }
    const choices = kind === 'boolean' ? [null, true, false] : (info.choices ?? []);
    return choiceControl<WireValue>({
      label,
      choices: choices.map((choice) => ({ label: pythonic(choice), value: choice })),
      value,
      onChange,
    });
  };
  const description = translated(info.description);
  const element = h(
    'div',
    {
      class: `field field-${kind}`,
      'data-parameter': label,
      // In a narrow panel there is no room for it below.
      title: description.replaceAll('`', ''),
    },
    h('div', { class: 'field-label' }, h('span', { class: 'name', 'aria-hidden': 'true' }, label)),
    control(),
    problem,
    h('p', { class: 'field-description' }, ...withCode(description)),
  );
  return { element, complain };
}

function numberOf(value: WireValue): number | null {
  return value instanceof Float64Array ? value[0]! : null;
}

function pythonic(value: WireValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

function same(a: WireValue, b: WireValue): boolean {
  return a instanceof Float64Array && b instanceof Float64Array ? Object.is(a[0], b[0]) : a === b;
}
