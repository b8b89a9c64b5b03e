/** `text` cut to `maxCharacters` UTF-16 units with an ellipsis as the last, never between the halves of a surrogate pair. */
export function cutText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text
  const end = maxCharacters - 1
  const unit = text.charCodeAt(end - 1)
  return `${text.slice(0, unit >= 0xd800 && unit <= 0xdbff ? end - 1 : end)}…`
}
