/** Colours of the theme as numbers, to paint pixels with. */

export type Colour = readonly [red: number, green: number, blue: number];

/** The palette of the theme in force. */
export interface Palette {
  readonly ground: Colour;
  readonly ink: Colour;
  readonly below: Colour;
  readonly above: Colour;
  readonly isDark: boolean;
}

export function paletteNow(): Palette {
  const { classList } = document.body;
  const isDark =
    classList.contains('vscode-dark') ||
    (classList.contains('vscode-high-contrast') && !classList.contains('vscode-high-contrast-light'));
  const style = getComputedStyle(document.body);
  // A theme need not have all colours.
  const of = (name: string, standard: Colour): Colour =>
    style.getPropertyValue(name).trim() === '' ? standard : (colourOf(`var(${name})`) ?? standard);
  return {
    ground: of('--vscode-editor-background', isDark ? [30, 30, 30] : [255, 255, 255]),
    ink: of('--vscode-foreground', isDark ? [204, 204, 204] : [51, 51, 51]),
    below: of('--map-below', isDark ? [86, 156, 214] : [0, 95, 184]),
    above: of('--map-above', isDark ? [233, 130, 74] : [188, 76, 0]),
    isDark,
  };
}

/** A colour in any of the ways in which CSS writes them, as numbers; its own opacity apart. */
export function opaque(text: string): { readonly colour: Colour; readonly opacity: number } {
  const before = known.get(text);
  if (before) return before;
  brush ??= Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', {
    willReadFrequently: true,
  })!;
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = text;
  brush.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data as unknown as [
    number,
    number,
    number,
    number,
  ];
  const found = { colour: [red, green, blue] as const, opacity: alpha / 255 };
  known.set(text, found);
  return found;
}

let brush: CanvasRenderingContext2D | undefined;
const known = new Map<string, ReturnType<typeof opaque>>();

let probe: HTMLElement | undefined;

/** A colour that CSS understands, as the page computes it. */
function colourOf(text: string): Colour | undefined {
  probe ??= document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  probe.style.color = '';
  probe.style.color = text;
  const computed = getComputedStyle(probe).color;
  probe.remove();
  return computed ? opaque(computed).colour : undefined;
}

export const mixed = (a: Colour, b: Colour, share: number): Colour =>
  [0, 1, 2].map((i) => a[i]! + (b[i]! - a[i]!) * share) as unknown as Colour;

export const css = ([red, green, blue]: Colour): string =>
  `rgb(${Math.round(red)}, ${Math.round(green)}, ${Math.round(blue)})`;

/** Of a class among `count`: hues as far apart as goes, neighbours far from each other. */
export function classColour(position: number, { isDark }: Palette): Colour {
  const hue = (position * 137.508) % 360;
  const [saturation, lightness] = [0.62, isDark ? 0.6 - 0.14 * (position % 2) : 0.44 + 0.14 * (position % 2)];
  const channel = (shift: number): number => {
    const k = (shift + hue / 30) % 12;
    const spread = saturation * Math.min(lightness, 1 - lightness);
    return 255 * (lightness - spread * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}
