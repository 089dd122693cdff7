const MOST_CHARACTERS = 120

/**
 * Control characters, line breaks, and what nobody sees: marks that turn the direction of a text, and the tag characters in
 * which an instruction can be hidden. What joins the parts of an emoji or of a letter stays.
 */
const UNSEEN =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]+/gu

/** A name as it can stand in one line: whole characters, at most 120 of them; the fallback where nothing is left. */
export function nameText(name: string | null | undefined, fallback: string): string {
  // No more is looked at than can be of use, however long a name somebody has made.
  const some = (name ?? '').slice(0, MOST_CHARACTERS * 20).toWellFormed()
  const clean = some.replace(UNSEEN, ' ').replace(/\s+/gu, ' ').trim()
  return [...clean].slice(0, MOST_CHARACTERS).join('').trim() || fallback
}
