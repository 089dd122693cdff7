import { deliverComment } from './comment.ts'
import type { DeliverServices, Delivery, Sent } from './delivery.ts'
import { deliverEvent } from './event.ts'
import { deliverField } from './field.ts'
import type { OutputState } from './record.ts'
import type { Session } from './session.ts'

export type Delivered =
  /** The record says of each output whether it is done, or why it never will be. */
  | { kind: 'delivered' }
  /** Some are not known to be done: to be tried again after so many seconds. */
  | { kind: 'again'; inSeconds: number; reason: string }

/** Sends what is not sent yet, each output once; none holds back another. */
export async function deliver(session: Session, delivery: Delivery, services: DeliverServices): Promise<Delivered> {
  const { comment, field, event } = delivery
  const sent: Sent[] = []
  const { outputs } = session.record
  if (comment !== undefined && isDue(outputs.comment)) sent.push(await deliverComment(session, comment, services))
  if (field !== undefined && isDue(outputs.field)) sent.push(await deliverField(session, field, services))
  if (event !== undefined && isDue(outputs.event)) sent.push(await deliverEvent(session, event, services))
  const late = sent.filter((each) => each.kind === 'later')
  if (late.length === 0) return { kind: 'delivered' }
  const now = services.clock.now()
  const seconds = late.map(({ until }) => Math.ceil(((until ?? now) - now) / 1000))
  const patience = late.every(({ until }) => until !== null) ? 1 : patienceAfter(session.record.tries)
  return {
    kind: 'again',
    inSeconds: Math.min(Math.max(patience, ...seconds), LONGEST_SECONDS),
    reason: late.map(({ reason }) => reason).join(' '),
  }
}

const isDue = (state: OutputState | undefined) => state?.stage === 'open' || state?.stage === 'sending'

/** In seconds, by how often it was tried: what is not mended in a minute may take hours. */
const PATIENCE = [60, 300, 900, 1_800]
const LONGEST_SECONDS = 3_600
const patienceAfter = (tries: number): number => PATIENCE[tries - 1] ?? LONGEST_SECONDS
