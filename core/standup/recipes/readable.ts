import * as z from 'zod'
import { parseJson } from '../../platform/json.ts'
import { redaction } from '../../platform/log.ts'

/** What ClickUp's editor keeps: https://quilljs.com/docs/delta. An insert that is no text is a picture, a mention, a line. */
const deltaSchema = z.looseObject({ ops: z.array(z.looseObject({ insert: z.unknown() })) })

/** The words of a description as the ledger holds it; what has no known form is taken as the text that it is. */
export function descriptionWords(content: string): string {
  const delta = deltaSchema.safeParse(parseJson(content))
  if (!delta.success) return content
  return delta.data.ops.map(({ insert }) => (typeof insert === 'string' ? insert : ' ')).join('')
}

/** Cut before it is cleaned: a text may have any length, and none needs to be read to its end. */
const MOST_READ = 40_000
const EMAIL = /[^\s@<>()"',;:]{1,64}@[^\s@<>()"',;:]{1,255}\.[a-z]{2,}/giu
/** Controls and line breaks, which stand for a space. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu
/** Nobody sees them: what turns the direction of writing, and tags, in which words can be hidden. Joiners are parts of letters. */
const UNSEEN = /(?:(?![\u200c\u200d])\p{Cf})+/gu
const redact = redaction().text

/**
 * A text of somebody as a model may see it: on one line, without e-mail addresses and without what looks like a secret, at most
 * so many characters. Empty where nothing is left.
 */
export function readable(text: string, most: number): string {
  const seen = text.slice(0, MOST_READ).toWellFormed().replaceAll(UNSEEN, '').replaceAll(BREAKS, ' ')
  return shortened(redact(seen.replaceAll(/\s+/gu, ' ').trim()).replaceAll(EMAIL, '(e-mail address)'), most)
}

/** Between two characters and not within one; the cut is shown. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  const cut = text.slice(0, Math.max(0, most - 1)).trimEnd()
  const whole = /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut
  return most < 1 ? '' : `${whole}…`
}
