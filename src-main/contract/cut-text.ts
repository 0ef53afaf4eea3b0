/** A text that is no longer than so many characters (UTF-16 code units); an ellipsis stands for what was cut. Never cuts a
 *  surrogate pair in two. */
export function cutText(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  return `${text.slice(0, Math.max(0, lengthMax - 1)).replace(/[\ud800-\udbff]$/, '')}…`;
}
