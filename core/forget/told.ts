import * as z from 'zod'
import { PK } from '../platform/tables.ts'
import { TOLD } from '../standup/deliver/occasion.ts'
import type { Item } from './item.ts'
import { personRules } from './person-rules.ts'
import type { TextRules } from './person-texts.ts'
import { FORGOTTEN, type Subject } from './subject.ts'
import { taskRules } from './task-rules.ts'
import { type Rules, rewritten } from './walk.ts'

/** Whether an item is what is kept of a summary or a recipe. */
export const isTold = (item: Item): boolean => String(item[PK]).split('#')[1] === TOLD

const ofTask = z.looseObject({ occasion: z.looseObject({ on: z.looseObject({ taskId: z.string() }) }) })
const withStatements = z.looseObject({
  summary: z.looseObject({
    statements: z.array(z.looseObject({ text: z.string(), taskIds: z.array(z.string()) })),
  }),
})

/**
 * What was told, without the subject. A recipe's goes with its task, and a statement with a task that it is about. Of a person only
 * the id is in a statement, and somebody stands in its place; what a model has said in its own words is gone through like a comment.
 */
export function judgeTold(
  item: Item,
  subject: Subject,
  texts: TextRules,
): { kind: 'delete' } | { kind: 'item'; item: Item } {
  const { id } = subject
  if (subject.kind === 'user') {
    const rules = personRules(id, withoutMarks(texts, id), { inTexts: true })
    return within(item, item['made'], rules)
  }
  if (ofTask.safeParse(item).data?.occasion.on.taskId === id) return { kind: 'delete' }
  return within(item, withoutTask(item['made'], id), taskRules(id))
}

/** What was made, and why an output failed; what the item is found by, and how far it has come, stays as it is. */
function within(item: Item, made: unknown, rules: Rules): { kind: 'item'; item: Item } {
  const after = { made: rewritten(made, rules), outputs: rewritten(item['outputs'], rules) }
  const isSame = after.made === item['made'] && after.outputs === item['outputs']
  return { kind: 'item', item: isSame ? item : { ...item, ...after } }
}

const withoutMarks = (texts: TextRules, id: string): TextRules => ({
  ...texts,
  replaced: (text) => texts.replaced(text.replaceAll(`{person:${id}}`, `{person:${FORGOTTEN.id}}`)),
})

function withoutTask(made: unknown, id: string): unknown {
  const { data } = withStatements.safeParse(made)
  if (data === undefined) return made
  const { statements } = data.summary
  const left = statements.filter(({ text, taskIds }) => !taskIds.includes(id) && !text.includes(`{task:${id}}`))
  return left.length === statements.length ? made : { ...data, summary: { ...data.summary, statements: left } }
}
