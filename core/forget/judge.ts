import { PK, resourceKey, SK } from '../platform/tables.ts'
import type { Kind } from './counts.ts'
import { judgeHomes } from './homes.ts'
import type { Item } from './item.ts'
import { personRules } from './person-rules.ts'
import { type TextRules, textRules } from './person-texts.ts'
import type { Aliases, Subject } from './subject.ts'
import { taskRules } from './task-rules.ts'
import { judgeEntry } from './time-entry.ts'
import { isTold, judgeTold } from './told.ts'
import { rewritten } from './walk.ts'

export type Table = 'ledger' | 'tasks' | 'state'

/** What has to become of an item; `stillShown` and `textsLeft` are what no erasing here can mend. */
export type Judgement = {
  kind: Kind
  act: { kind: 'keep' } | { kind: 'delete' } | { kind: 'put'; item: Item }
  stillShown: boolean
  textsLeft: boolean
}

export type Judge = (table: Table, connection: string, item: Item) => Judgement

/** Decides item by item; knows nothing of the others. */
export function createJudge(subject: Subject, aliases: Aliases): Judge {
  const texts = textRules(subject.id, aliases)
  return (table, connection, item) => {
    if (table === 'state' && isTold(item)) return ofTold(subject, texts, item)
    return subject.kind === 'task'
      ? ofTask(subject.id, table, connection, item)
      : ofUser(subject.id, texts, table, connection, item)
  }
}

const KEPT = { act: { kind: 'keep' as const }, stillShown: false, textsLeft: false }

function ofTold(subject: Subject, texts: TextRules, item: Item): Judgement {
  const judged = judgeTold(item, subject, texts)
  if (judged.kind === 'delete') return { ...KEPT, kind: 'summary', act: { kind: 'delete' } }
  const textsLeft = subject.kind === 'user' && mentioned(judged.item, texts)
  return { ...KEPT, kind: 'summary', act: changed(item, judged.item), textsLeft }
}

function ofTask(id: string, table: Table, connection: string, item: Item): Judgement {
  const kind = kindOf(table, item)
  const pk = resourceKey(connection, 'task', id)
  const isIts = item[PK] === pk || (String(item[PK]).endsWith('#owed') && item[SK] === id)
  if (isIts) {
    const stillShown = kind === 'snapshot' && (item['state'] === 'present' || item['state'] === 'archived')
    return { ...KEPT, kind, act: { kind: 'delete' }, stillShown }
  }
  const homes = judgeHomes(item, pk)
  return { ...KEPT, kind, act: homes ?? changed(item, rewritten(item, taskRules(id))) }
}

function ofUser(id: string, texts: TextRules, table: Table, connection: string, item: Item): Judgement {
  const kind = kindOf(table, item)
  const pk = resourceKey(connection, 'user', id)
  if (item[PK] === pk) return { ...KEPT, kind, act: { kind: 'delete' } }
  const homes = judgeHomes(item, pk)
  if (homes !== null) return { ...KEPT, kind, act: homes }
  if (kind === 'timeEntry' && item['userId'] === id)
    return { ...KEPT, kind, act: { kind: 'put', item: judgeEntry(item) } }
  const isRecord = table === 'ledger'
  const own = isRecord && isOwnComment(item, id) ? withoutText(item) : item
  const people = withoutIds(rewritten(own, personRules(id, texts, { inTexts: isRecord })), id)
  const isMirror = kind === 'snapshot' && item['state'] !== 'deleted' && item['state'] !== 'outOfSight'
  return {
    kind: own === item ? kind : 'comment',
    act: changed(item, people),
    stillShown: isMirror && people !== item,
    textsLeft: mentioned(people, texts),
  }
}

function changed(before: Item, after: unknown): Judgement['act'] {
  if (after === before || !isItem(after)) return { kind: 'keep' }
  // A reader that was quicker writes on its own version only, so it has to be another one.
  const { version } = after
  return { kind: 'put', item: typeof version === 'number' ? { ...after, version: version + 1 } : after }
}

const isItem = (value: unknown): value is Item => value !== null && typeof value === 'object' && !Array.isArray(value)

function kindOf(table: Table, item: Item): Kind {
  if (table === 'ledger') return item['field'] === 'comment' ? 'comment' : 'change'
  const [pk, sk] = [String(item[PK]), String(item[SK])]
  if (table === 'state') return pk.endsWith('#members') ? 'member' : 'state'
  if (sk === 'snapshot') return 'snapshot'
  if (sk === 'known') return 'accounting'
  return sk === 'time-in-status' ? 'timeInStatus' : sk.startsWith('time#') || sk === 'homes' ? 'timeEntry' : 'state'
}

const isOwnComment = ({ field, actor }: Item, id: string): boolean =>
  field === 'comment' && isItem(actor) && actor['id'] === id

/** What somebody has written goes with who has written it; that a comment was made stays. */
function withoutText(item: Item): Item {
  const bare = (value: unknown) =>
    isItem(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => key === 'id')) : null
  return { ...item, before: bare(item['before']), after: bare(item['after']) }
}

/** What is accounted of a field of people is a list of bare ids. */
function withoutIds(value: unknown, id: string): unknown {
  if (!isItem(value) || !isItem(value['fields'])) return value
  const fields = Object.entries(value['fields'])
  const after = fields.map(([key, fact]): [string, unknown] => {
    if (!key.startsWith('custom_field#') || !isItem(fact) || !Array.isArray(fact['value'])) return [key, fact]
    const ids: unknown[] = fact['value']
    const left = ids.filter((each) => each !== id)
    if (left.length === ids.length) return [key, fact]
    return [key, { ...fact, value: left.length === 0 ? null : left }]
  })
  const isSame = after.every(([, fact], i) => fact === fields[i]?.[1])
  return isSame ? value : { ...value, fields: Object.fromEntries(after) }
}

const mentioned = (value: unknown, texts: TextRules): boolean => texts.mentions(JSON.stringify(value))
