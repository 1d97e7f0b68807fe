/** Bytes as text, wherever the extension runs. */

/** Of so many at once a string can be made. */
const atOnce = 0x8000;

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += atOnce) {
    text += String.fromCharCode(...bytes.subarray(at, at + atOnce));
  }
  return btoa(text);
}

/** `undefined` for what is no base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    return undefined;
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** What nobody guesses: marks the scripts of a page as its own. */
export const nonce = (): string => toBase64(crypto.getRandomValues(new Uint8Array(16)));
