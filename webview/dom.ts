/** Elements in one line. */
export type Child = Node | string | undefined | false;

/** An element with attributes (`undefined` leaves one out) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(
    ...children.filter((child): child is Node | string => child !== undefined && child !== false),
  );
  return element;
}

/** What stands in backquotes, as code. */
export function withCode(text: string): (HTMLElement | string)[] {
  return text.split('`').map((part, position) => (position % 2 === 1 ? h('code', {}, part) : part));
}

/** Until the window has been painted as it now is; where it is hidden, which nobody paints, a moment. */
export const painted = (): Promise<void> =>
  Promise.race([
    new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve))),
    new Promise<void>((resolve) => setTimeout(resolve, 100)),
  ]);
