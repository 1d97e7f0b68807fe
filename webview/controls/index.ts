/**
 * The panel's controls, as plain functions that return elements. Nothing else knows which library draws them:
 * another one is a change to this folder alone.
 */
import { t } from '@vscode/l10n';
import {
  type Button,
  type Checkbox,
  type Dropdown,
  type Panels,
  provideVSCodeDesignSystem,
  type TextField,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import './controls.css';
import { h } from '../dom.ts';
import { type Bounds, complaint, scaleOf } from './scale.ts';

export type { Bounds } from './scale.ts';

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodePanels(),
  vsCodePanelTab(),
  vsCodePanelView(),
  vsCodeTextField(),
);

/** Milliseconds of rest after which half a number is no longer taken for one being typed. */
const patience = 600;

export interface NumberOptions extends Bounds {
  readonly label: string;
  /** Null stands for none given, where the parameter allows it. */
  readonly value: number | null;
  readonly standard: number | null;
  readonly withoutSlider?: true;
  readonly onChange: (value: number | null) => void;
  /** What is wrong with the text, or nothing. */
  readonly onComplaint: (message: string | undefined) => void;
}

/** A text field, and a slider where the bounds say what it should run through. */
export function numberControl(options: NumberOptions): HTMLElement {
  const { label, standard } = options;
  const field = document.createElement('vscode-text-field') as TextField;
  field.className = 'number-text';
  field.textContent = label;
  const written = (value: number | null): string => (value === null ? 'None' : String(value));
  field.value = written(options.value);

  const scale = options.withoutSlider ? undefined : scaleOf(options, standard ?? 1);
  const slider =
    scale &&
    h('input', {
      type: 'range',
      class: 'number-slider',
      min: '0',
      max: String(scale.steps),
      'aria-label': label,
    });
  const slide = (value: number | null): void => {
    if (!slider || value === null) return;
    slider.value = String(scale!.position(value));
    slider.setAttribute('aria-valuetext', String(value));
    slider.style.setProperty('--filled', `${(100 * scale!.position(value)) / scale!.steps}%`);
  };
  slide(options.value);

  const read = (): { value: number | null } | { complaint: string } => {
    const text = field.value.trim();
    if (standard === null && /^(none|null)?$/i.test(text)) return { value: null };
    const value = numberOf(text);
    if (value === undefined) return { complaint: t`${label} must be a number` };
    const wrong = complaint(value, options);
    return wrong ? { complaint: `${label} ${wrong}` } : { value };
  };
  let complaining: ReturnType<typeof setTimeout> | undefined;
  let current = options.value;
  const change = (value: number | null): void => {
    if (Object.is(value, current)) return;
    current = value;
    options.onChange(value);
  };
  const typed = (wait: number): void => {
    clearTimeout(complaining);
    const result = read();
    if ('complaint' in result) {
      complaining = setTimeout(() => {
        field.setAttribute('aria-invalid', 'true');
        options.onComplaint(`${result.complaint}.`);
      }, wait);
      return;
    }
    field.removeAttribute('aria-invalid');
    options.onComplaint(undefined);
    slide(result.value);
    change(result.value);
  };
  const set = (value: number): void => {
    field.value = written(value);
    typed(0);
  };

  field.addEventListener('input', () => typed(patience));
  field.addEventListener('change', () => typed(0));
  field.addEventListener('keydown', (event) => {
    const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (direction === 0 || typeof current !== 'number') return;
    event.preventDefault();
    if (scale) set(scale.value(Math.min(scale.steps, Math.max(0, scale.position(current) + direction))));
    else set(current + direction);
  });
  slider?.addEventListener('input', () => set(scale!.value(Number(slider.value))));
  return h('div', { class: slider ? 'number' : 'number number-plain' }, slider, field);
}

function numberOf(text: string): number | undefined {
  const special = /^([+-]?)(inf|infinity)$/i.exec(text);
  if (special) return special[1] === '-' ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? undefined : value;
}

/** A list of which one is chosen. */
export function choiceControl<T>(options: {
  readonly label: string;
  readonly choices: readonly { readonly label: string; readonly value: T }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}): HTMLElement {
  const dropdown = document.createElement('vscode-dropdown') as Dropdown;
  dropdown.className = 'choice';
  dropdown.setAttribute('aria-label', options.label);
  const selected = options.choices.findIndex(({ value }) => value === options.value);
  options.choices.forEach(({ label }, position) => {
    const option = document.createElement('vscode-option');
    option.setAttribute('value', String(position));
    if (position === selected) option.setAttribute('selected', '');
    option.textContent = label;
    dropdown.append(option);
  });
  dropdown.addEventListener('change', () => {
    const choice = options.choices[Number(dropdown.value)];
    if (choice) options.onChange(choice.value);
  });
  return dropdown;
}

/** A few things of which one is chosen, all in view. */
export function pickControl<T>(options: {
  readonly label: string;
  readonly choices: readonly { readonly label: string; readonly value: T }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}): HTMLElement {
  const buttons = options.choices.map(({ label }) =>
    h('button', { type: 'button', role: 'radio', class: 'pick-option' }, label),
  );
  const choose = (position: number, byUser: boolean): void => {
    for (const [i, button] of buttons.entries()) {
      button.setAttribute('aria-checked', String(i === position));
      button.tabIndex = i === position ? 0 : -1;
    }
    if (!byUser) return;
    buttons[position]!.focus();
    options.onChange(options.choices[position]!.value);
  };
  choose(
    Math.max(
      0,
      options.choices.findIndex(({ value }) => value === options.value),
    ),
    false,
  );
  for (const [i, button] of buttons.entries()) {
    button.addEventListener('click', () => choose(i, true));
    button.addEventListener('keydown', ({ key }) => {
      const step =
        key === 'ArrowRight' || key === 'ArrowDown' ? 1 : key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 0;
      if (step !== 0) choose((i + step + buttons.length) % buttons.length, true);
    });
  }
  return h('div', { class: 'pick-control', role: 'radiogroup', 'aria-label': options.label }, ...buttons);
}

/** A box to tick. */
export function booleanControl(options: {
  readonly label: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}): HTMLElement {
  const checkbox = document.createElement('vscode-checkbox') as Checkbox;
  checkbox.className = 'boolean';
  checkbox.textContent = options.label;
  if (options.value) checkbox.setAttribute('checked', '');
  checkbox.addEventListener('change', () => options.onChange(checkbox.checked));
  return checkbox;
}

/** A field for a text, given in with Enter or by leaving it; an empty one stands for none. */
export function textControl(options: {
  readonly label: string;
  readonly value: string | null;
  readonly placeholder: string;
  readonly onChange: (value: string | null) => void;
}): HTMLElement {
  const field = document.createElement('vscode-text-field') as TextField;
  field.className = 'text-entry';
  field.textContent = options.label;
  field.value = options.value ?? '';
  field.setAttribute('placeholder', options.placeholder);
  let current = options.value;
  const change = (): void => {
    const text = field.value.trim() || null;
    if (text === current) return;
    current = text;
    options.onChange(text);
  };
  field.addEventListener('change', change);
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') change();
  });
  return field;
}

/** A field for a word or a number, given in with Enter. */
export function entryControl(options: {
  readonly label: string;
  readonly placeholder: string;
  /** False when what was typed means nothing. */
  readonly onEnter: (text: string) => boolean;
}): HTMLElement {
  const field = document.createElement('vscode-text-field') as TextField;
  field.className = 'entry';
  field.textContent = options.label;
  field.setAttribute('placeholder', options.placeholder);
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    const understood = field.value.trim() === '' || options.onEnter(field.value.trim());
    field.setAttribute('aria-invalid', String(!understood));
  });
  field.addEventListener('input', () => field.setAttribute('aria-invalid', 'false'));
  return field;
}

export function button(options: { readonly label: string; readonly onPress: () => void }): HTMLElement {
  const element = document.createElement('vscode-button') as Button;
  element.className = 'button';
  element.setAttribute('appearance', 'secondary');
  element.textContent = options.label;
  element.addEventListener('click', options.onPress);
  return element;
}

/** Looks like a link, acts in place. */
export function linkButton(options: {
  readonly label: string;
  readonly title?: string;
  readonly onPress: () => void;
}): HTMLElement {
  const element = h('button', { type: 'button', class: 'link', title: options.title }, options.label);
  element.addEventListener('click', options.onPress);
  return element;
}

export interface TabsControl {
  readonly element: HTMLElement;
  /** Brings a tab to the front, and says so to `onChange` unless it is there. */
  activate(id: string): void;
}

/** Contents of which one is seen: arrow keys, Home and End go from tab to tab, Tab goes on into the content. */
export function tabsControl(options: {
  readonly label: string;
  readonly tabs: readonly { readonly id: string; readonly title: string; readonly content: HTMLElement }[];
  readonly active: string;
  readonly onChange: (id: string) => void;
}): TabsControl {
  const panels = document.createElement('vscode-panels') as Panels;
  panels.className = 'tabs';
  panels.setAttribute('aria-label', options.label);
  // One that is drawn under the tabs by grid columns would not follow them onto a second line.
  panels.activeindicator = false;
  const idOf = (id: string): string => `tab-${id}`;
  for (const { id, title, content } of options.tabs) {
    const tab = document.createElement('vscode-panel-tab');
    tab.id = idOf(id);
    tab.className = 'tab';
    tab.textContent = title;
    const view = document.createElement('vscode-panel-view');
    view.id = `view-${id}`;
    view.className = 'tab-view';
    view.append(content);
    panels.append(tab, view);
  }
  let active = options.active;
  panels.activeid = idOf(active);
  panels.addEventListener('change', (event) => {
    // A control inside one of the views reports its changes under the same name.
    if (event.target !== panels) return;
    const now = options.tabs.find(({ id }) => idOf(id) === panels.activeid);
    if (!now || now.id === active) return;
    active = now.id;
    options.onChange(active);
  });
  return {
    element: panels,
    activate(id) {
      if (id === active) return;
      active = id;
      panels.activeid = idOf(id);
      options.onChange(id);
    },
  };
}
