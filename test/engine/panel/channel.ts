/** The editor's channel between the host and a webview, as it treats what passes: JSON, typed arrays lifted out of it. */

/** @throws TypeError as the editor's does, for a BigInt outside a typed array. */
export function passed<T>(message: T): T {
  const lifted: ArrayBuffer[] = [];
  const text = JSON.stringify(message, (_, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    const view = value as Float64Array;
    // The whole buffer ships, whatever part of it the view shows.
    lifted.push((view.buffer as ArrayBuffer).slice(0));
    const { byteOffset, length } = view;
    return { $view: view.constructor.name, buffer: lifted.length - 1, byteOffset, length };
  });
  bytesShipped += lifted.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return JSON.parse(text, (_, value) => {
    if (typeof value !== 'object' || value === null || !('$view' in value)) return value;
    const View = (globalThis as unknown as Record<string, new (...parts: unknown[]) => unknown>)[
      value.$view
    ]!;
    return new View(lifted[value.buffer], value.byteOffset, value.length);
  });
}

let bytesShipped = 0;

/** Bytes of typed arrays that passed since the last call. */
export function shipped(): number {
  const bytes = bytesShipped;
  bytesShipped = 0;
  return bytes;
}
