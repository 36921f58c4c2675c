/** Colours on a terminal, plain text elsewhere. */
export type Paint = (color: 'green' | 'red' | 'yellow' | 'dim' | 'bold', text: string) => string;

const codes = { green: 32, red: 31, yellow: 33, dim: 2, bold: 1 } as const;

/**
 * Code points that Unicode keeps free for use inside a program stand for our colours until a line is written, so that all
 * control characters in it can be escaped: none of them is ours.
 */
const firstMark = 0xfdd0;
const marks = /[\ufdd0-\ufdd5]/g;
const all = [0, ...Object.values(codes)];
const markOf = (code: number): string => String.fromCharCode(firstMark + all.indexOf(code));

export function createPaint({ color }: { color: boolean }): Paint {
  return (name, text) => (color ? `${markOf(codes[name])}${text}${markOf(0)}` : text);
}

/** The marks in a text as the terminal's own codes; without colour, nothing. */
export function showColors(text: string, { color }: { color: boolean }): string {
  return text.replace(marks, (mark) => (color ? `\x1b[${all[mark.charCodeAt(0) - firstMark]}m` : ''));
}
