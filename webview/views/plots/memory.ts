/** What the plots find again after a reload of the window. */
export interface Remembered {
  readonly plot?: string;
  readonly slices: Readonly<Record<string, number>>;
  /** Whether counts are drawn on a logarithmic scale; undefined where nobody has said so. */
  readonly logarithmic?: boolean;
}

/** @param value what came back, of this version or another */
export function remembered(value: unknown): Remembered {
  const { plot, slices, logarithmic } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const own = typeof slices === 'object' && slices !== null ? Object.entries(slices) : [];
  return {
    ...(typeof plot === 'string' && { plot }),
    ...(typeof logarithmic === 'boolean' && { logarithmic }),
    slices: Object.fromEntries(
      own.filter((entry): entry is [string, number] => Number.isSafeInteger(entry[1]) && entry[1] >= 0),
    ),
  };
}
