import { packBytes, toSqsEntry } from '../../../core/ingest/message.ts'
import { CONNECTION } from '../../virtual/environment.ts'
import type { Base } from './bases.ts'
import type { ConsumerBreak } from './breaks.ts'
import { judge, type Verdict } from './judge.ts'
import { BASE_URL, NOW, type Played, play, type QueueMessage } from './world.ts'

/** What ClickUp says to one path: JSON text, or an answer of any kind. */
export type Said = string | (() => Response | Promise<Response>)
export type Saying = Readonly<Record<string, Said>>

/** A message that is to do harm, or a good one with an answer that is. */
export type Hostile = {
  readonly name: string
  readonly message: QueueMessage
  readonly answers: Saying
  /** Nobody answers what was asked: it waits, however long, and nothing is made of it. */
  readonly outage?: boolean
}

/** Beside every hostile message stand these, one before and one after it, and must end as if it were not there. */
const ITEM = { type: 1, parent_id: '901', data: {}, source: null, user: { id: 40233, username: 'Somebody' } }
const VALID: readonly Base[] = ['valid1', 'valid2'].map((id, i) => ({
  name: id,
  delivery: {
    event: i === 0 ? 'taskStatusUpdated' : 'taskAssigneeUpdated',
    history_items: [
      i === 0
        ? {
            ...{ ...ITEM, id: '7001', field: 'status', date: String(NOW - 8_000) },
            ...{ before: { status: 'to do', type: 'open' }, after: { status: 'done', type: 'done' } },
          }
        : { ...ITEM, id: '7002', field: 'assignee_add', date: String(NOW - 8_000), after: { id: 7, username: 'X' } },
    ],
    ...{ task_id: id, team_id: '9001', webhook_id: 'w' },
  },
  answers: {
    [`/task/${id}`]: {
      ...{ id, name: `The task ${id}`, status: { status: 'done', type: 'done' }, date_updated: String(NOW - 8_000) },
      ...{ list: { id: '901', name: 'List' }, space: { id: '701' }, folder: { id: '801', name: 'Folder' } },
    },
  },
}))

export const textsOf = (answers: Base['answers']): Saying =>
  Object.fromEntries(Object.entries(answers).map(([path, answer]) => [path, JSON.stringify(answer)]))

/** A body as the verifier would have queued it. */
export function messageOf(body: string): QueueMessage {
  const message = packBytes({ connection: CONNECTION, slot: 'a', receivedAt: NOW - 1_000 }, Buffer.from(body))
  if (message === null) throw new Error(`A body of ${body.length} letters is no message`)
  const { MessageBody, MessageAttributes } = toSqsEntry(message)
  return { body: MessageBody, attributes: MessageAttributes }
}

const valid = VALID.map(({ delivery }) => messageOf(JSON.stringify(delivery)))
const validAnswers: Saying = Object.assign({}, ...VALID.map(({ answers }) => textsOf(answers)))

function fetchFrom(answers: Saying) {
  const all = new Map(Object.entries({ ...answers, ...validAnswers }))
  return async (url: string): Promise<Response> => {
    const said = all.get(decodeURIComponent(new URL(url).pathname).replace(`${new URL(BASE_URL).pathname}/v2`, ''))
    if (typeof said === 'function') return said()
    if (said === undefined) return Response.json({ err: 'Not found', ECODE: 'ITEM_013' }, { status: 404 })
    return new Response(said, { headers: { 'content-type': 'application/json' } })
  }
}

/** How the two that are valid end when nothing hostile stands between them. */
let undisturbed: Promise<Played> | undefined
function reference(): Promise<Played> {
  undisturbed ??= play({ messages: valid, fetch: fetchFrom({}) })
  return undisturbed
}

/** Plays some hostile messages in one batch with the valid ones. */
export async function tryTogether(some: readonly Hostile[], broken: ConsumerBreak | null): Promise<Verdict> {
  const [first, ...others] = valid
  const messages = [...(first === undefined ? [] : [first]), ...some.map(({ message }) => message), ...others]
  const answers: Saying = Object.assign({}, ...some.map(({ answers }) => answers))
  const played = await play({ messages, fetch: fetchFrom(answers), broken })
  return judge(played, messages, { undisturbed: await reference(), outage: some.some(({ outage }) => outage === true) })
}
