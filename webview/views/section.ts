/** Parts of a view. */
import { t } from '@vscode/l10n';
import { type Child, h } from '../dom.ts';
import { failureOf, failureView } from '../failure.ts';
import { latest } from '../latest.ts';

export function part(id: string, title: string, ...content: readonly Child[]): HTMLElement {
  return h(
    'section',
    { class: `part part-${id}`, 'aria-labelledby': `part-${id}` },
    h('h2', { id: `part-${id}` }, title),
    ...content,
  );
}

export interface Answered<A> {
  readonly element: HTMLElement;
  /**
   * Asks anew: what was answered before stays until the answer is there.
   * @param rest milliseconds to wait, unless it is asked anew meanwhile
   */
  ask(argument: A, rest?: number): void;
}

/** What is asked of the host with each outcome: its answer drawn, or why there is none. */
export function answered<A, T>(
  ask: (argument: A) => Promise<T>,
  draw: (answer: T, argument: A) => readonly Child[],
): Answered<A> {
  const element = h('div', { class: 'answered' }, h('p', { class: 'muted' }, t('Working it out…')));
  const run = latest<A>(async (argument) => {
    element.setAttribute('aria-busy', 'true');
    try {
      const answer = await ask(argument);
      element.replaceChildren(
        ...draw(answer, argument).filter((child) => child !== undefined && child !== false),
      );
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code !== 'cancelled' && failure.code !== 'closed') {
        element.replaceChildren(failureView(failure, { retry: () => void run(argument) }));
      }
    } finally {
      element.removeAttribute('aria-busy');
    }
  });
  let waiting: ReturnType<typeof setTimeout> | undefined;
  return {
    element,
    ask(argument, rest = 0) {
      clearTimeout(waiting);
      element.setAttribute('aria-busy', 'true');
      if (rest === 0) void run(argument);
      else waiting = setTimeout(() => void run(argument), rest);
    },
  };
}
