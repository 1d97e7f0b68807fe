/** The colours of pictures in a hover. An image there cannot see the theme, so it is coloured before it is shown. */
import { toBase64 } from '../bytes.ts';
import type { Picture } from '../pages.ts';

export type Theme = 'light' | 'dark' | 'high-contrast' | 'high-contrast-light';

interface Palette {
  readonly ink: string;
  readonly grid: string;
  /** As many as a curve may have series. */
  readonly series: readonly [string, string, string];
}

/** Each ink and series colour has a contrast of at least 4.5 to 1 (7 to 1 in high contrast) with the hover's background. */
const palettes: Readonly<Record<Theme, Palette>> = {
  light: { ink: '#333333', grid: '#d8d8d8', series: ['#0060b8', '#a84a00', '#7a3e9d'] },
  dark: { ink: '#cccccc', grid: '#454545', series: ['#58a6ff', '#f0883e', '#c792ea'] },
  'high-contrast': { ink: '#ffffff', grid: '#6b6b6b', series: ['#79c0ff', '#ffb74d', '#e0b0ff'] },
  'high-contrast-light': { ink: '#000000', grid: '#8a8a8a', series: ['#0b4a8f', '#7a3300', '#5b2a78'] },
};

/** An `<img>` element with the picture in the theme's colours, of fixed size so that the hover does not jump. */
export function image(picture: Picture, theme: Theme, align?: 'right'): string {
  const source = toBase64(new TextEncoder().encode(coloured(picture.svg, theme)));
  const { width, height, alternative } = picture;
  const aligned = align ? ` align="${align}"` : '';
  return `<img src="data:image/svg+xml;base64,${source}" width="${width}" height="${height}"${aligned} alt="${attribute(alternative)}">`;
}

function coloured(svg: string, theme: Theme): string {
  const { ink, grid, series } = palettes[theme];
  const style = [
    `svg{color:${ink};font:11px system-ui,sans-serif}text{fill:${ink}}`,
    `.grid{stroke:${grid};stroke-width:.5}.axis{stroke:${ink}}`,
    `.line{fill:none;stroke:${ink};stroke-width:2}.swatch{stroke-width:8}.gradient{stroke-width:1.5;stroke-dasharray:5 3}`,
    ...series.map((colour, index) => `.s${index}{stroke:${colour}}`),
  ].join('');
  return svg.replace(/<svg[^>]*>/, (root) => `${root}<style>${style}</style>`);
}

function attribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/\s+/g, ' ');
}
