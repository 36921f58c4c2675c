const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A text with its control characters (C0, DEL and C1) written out, such as `\x1b`: what users and servers wrote moves no
 * cursor, sets no colour and begins no line.
 */
export function escapeControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => names[character] ?? `\\x${hexOf(character)}`);
}

function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, '0');
}
