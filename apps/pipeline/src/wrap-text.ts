/** Breaks a text between words into lines of at most so many characters; a longer word has a line of its own. */
export function wrapText(text: string, width: number): string[] {
  return text.split(' ').reduce<string[]>((lines, word) => {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    return longer.length <= width ? [...lines.slice(0, -1), longer] : [...lines, word];
  }, []);
}
