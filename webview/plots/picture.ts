/**
 * What stands on the page as a picture that stands alone: drawings, captions and legends where they are, with the
 * theme's colours written out.
 */
import { t } from '@vscode/l10n';
import { svg } from './looks.ts';
import { css, opaque } from './palette.ts';

/** What of a drawing's looks comes from style sheets. */
const properties = [
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'font-variant',
  'text-anchor',
  'image-rendering',
  'visibility',
] as const;

const margin = 16;

export interface Picture {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

/** @param words the text alternative, kept in the picture */
export function pictureOf(root: HTMLElement, title: string, words: string): Picture {
  const frame = root.getBoundingClientRect();
  const [width, height] = [Math.ceil(frame.width + 2 * margin), Math.ceil(frame.height + 2 * margin)];
  const picture = document.createElementNS(svg, 'svg');
  for (const [name, value] of Object.entries({
    xmlns: svg,
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
  })) {
    picture.setAttribute(name, String(value));
  }
  picture.append(worded('title', title), worded('desc', words));
  const ground = document.createElementNS(svg, 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', css(opaque(getComputedStyle(document.body).backgroundColor).colour));
  picture.append(ground);
  const place = ({ left, top }: DOMRect): [number, number] => [
    left - frame.left + margin,
    top - frame.top + margin,
  ];
  for (const drawing of root.querySelectorAll('svg')) {
    // A drawing inside another goes with it.
    if (drawing.parentElement?.closest('svg')) continue;
    const box = drawing.getBoundingClientRect();
    if (box.width === 0) continue;
    const copy = standalone(drawing);
    const [x, y] = place(box);
    for (const [name, value] of Object.entries({ x, y, width: box.width, height: box.height })) {
      copy.setAttribute(name, String(value));
    }
    copy.setAttribute('overflow', 'visible');
    picture.append(copy);
  }
  for (const text of textsOf(root)) {
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    const style = getComputedStyle(text.parentElement!);
    const line = worded('text', text.data.trim());
    const [x, y] = place(box);
    for (const [name, value] of Object.entries({
      x,
      // Of a line of text, the base is about so far down.
      y: y + box.height * 0.76,
      fill: css(opaque(style.color).colour),
      'font-family': style.fontFamily,
      'font-size': style.fontSize,
      'font-weight': style.fontWeight,
    })) {
      line.setAttribute(name, String(value));
    }
    picture.append(line);
  }
  return { text: new XMLSerializer().serializeToString(picture), width, height };
}

/** Pixels, twice as many as on the page. @throws Error where the picture cannot be drawn */
export async function pixelsOf({ text, width, height }: Picture): Promise<Uint8Array> {
  const image = new Image();
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  image.src = `data:image/svg+xml;base64,${btoa(binary)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [2 * width, 2 * height];
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error(t('the picture could not be drawn'));
  return new Uint8Array(await blob.arrayBuffer());
}

function standalone(drawing: SVGSVGElement): SVGSVGElement {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const [from, to] = [
    [drawing, ...drawing.querySelectorAll('*')],
    [copy, ...copy.querySelectorAll('*')],
  ] as const;
  for (const [i, element] of from.entries()) {
    const style = getComputedStyle(element);
    const twin = to[i]!;
    for (const property of properties) {
      const value = style.getPropertyValue(property);
      if (value && value !== 'normal' && value !== 'auto') twin.setAttribute(property, value);
    }
    for (const property of ['fill', 'stroke'] as const) {
      const value = style.getPropertyValue(property);
      if (value === '' || value === 'none') continue;
      // Other programs know fewer ways to write a colour than browsers do.
      const { colour, opacity } = opaque(value);
      twin.setAttribute(property, css(colour));
      const own = Number(style.getPropertyValue(`${property}-opacity`) || 1);
      twin.setAttribute(`${property}-opacity`, String(own * opacity));
    }
    twin.removeAttribute('class');
    twin.removeAttribute('style');
  }
  copy.removeAttribute('aria-hidden');
  for (const cursor of copy.querySelectorAll('[visibility="hidden"]')) cursor.remove();
  return copy;
}

/** Of the page around the drawings. */
function textsOf(root: HTMLElement): Text[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest('svg, .pick-told') || node.textContent?.trim() === ''
      ? NodeFilter.FILTER_REJECT
      : NodeFilter.FILTER_ACCEPT,
  );
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  return texts;
}

function worded(tag: 'title' | 'desc' | 'text', text: string): SVGElement {
  const element = document.createElementNS(svg, tag);
  element.textContent = text;
  return element;
}
