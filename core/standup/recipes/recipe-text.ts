import type { Names } from '../say/names.ts'
import { statementText } from '../say/text.ts'
import type { Summary } from '../statement.ts'
import { shortened } from './readable.ts'

/**
 * What a summary of one task says, as the value of a text field: its statements and nothing around them, whole ones only, at
 * most so many characters.
 */
export function recipeText({ statements }: Summary, names: Names, most: number): string {
  let text = ''
  for (const statement of statements) {
    const next = statementText(statement.text, names, 'plain')
    const longer = text === '' ? next : `${text} ${next}`
    // Names may make a single one longer than the field is.
    if (longer.length > most) return text === '' ? shortened(next, most) : text
    text = longer
  }
  return text
}
