import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Call } from '../virtual/aws/in-process.ts'
import { TABLES } from '../virtual/aws/tables.ts'
import { QUEUES } from '../virtual/environment.ts'
import type { Variation } from '../virtual/variation.ts'

const writeSchema = z.looseObject({
  TableName: z.literal(TABLES.ledger),
  Item: z.looseObject({ pk: z.string(), sk: z.string(), status: z.string(), toldBy: z.string().optional() }).optional(),
  Key: z.looseObject({ pk: z.string(), sk: z.string() }).optional(),
})
const asideSchema = z.looseObject({
  QueueUrl: z.literal(QUEUES.quarantine),
  MessageBody: z.string(),
  MessageAttributes: z.looseObject({ class: z.looseObject({ StringValue: z.string() }) }),
})

export type Watch = {
  readonly through: NonNullable<Variation['through']>
  /** What must never be accepted and was. */
  breaches(): readonly string[]
  /** What was set aside: its class and a hash of it, each once however often it was. */
  quarantined(): readonly string[]
  /** How often something was set aside: what else lies there was moved by the queue itself. */
  setAside(): number
}

/** Stands next to AWS and sees what it has accepted, whoever sent it. */
export function createWatch(): Watch {
  const done = new Set<string>()
  const breaches: string[] = []
  const quarantined = new Set<string>()
  let setAside = 0

  function note({ input }: Call): void {
    const write = writeSchema.safeParse(input)
    if (write.success) noteWrite(write.data)
    const aside = asideSchema.safeParse(input)
    if (!aside.success) return
    const { MessageBody, MessageAttributes } = aside.data
    const hash = createHash('sha256').update(MessageBody).digest('hex').slice(0, 12)
    quarantined.add(`${MessageAttributes.class.StringValue} ${hash}`)
    setAside += 1
  }

  function noteWrite({ Item, Key }: z.infer<typeof writeSchema>): void {
    const { pk = '', sk = '' } = Item ?? Key ?? {}
    const key = `${pk} ${sk}`
    // A delivery that came late tells of what a sweep had found: that once, it is written anew.
    if (done.has(key) && Item?.toldBy === undefined)
      breaches.push(`What was done was ${Item === undefined ? 'deleted' : `${Item.status} again`}: ${key}`)
    if (Item?.status === 'done') done.add(key)
  }

  return {
    async through(call, next) {
      const answer = await next(call)
      if (WRITES.has(call.name)) note(call)
      return answer
    },
    breaches: () => [...new Set(breaches)],
    quarantined: () => [...quarantined].sort(),
    setAside: () => setAside,
  }
}

const WRITES: ReadonlySet<string> = new Set(['PutItem', 'DeleteItem', 'SendMessage'])
