import { EVENT_LIMIT_BYTES } from '../../publish/fit.ts'
import type { SummaryCreated } from '../../publish/notice.ts'
import type { DeliverServices, Delivery, Sent } from './delivery.ts'
import type { Session } from './session.ts'

/** Of a text that has to be cut, what is kept: there is room for nothing else that is large. */
const SHORT_TEXT = 50_000

type Event = NonNullable<Delivery['event']>

/** Puts `Summary Created` on the bus: at least once, under the same `summaryId`. */
export async function deliverEvent(session: Session, event: Event, services: DeliverServices): Promise<Sent> {
  const { clock, publishNotice, log } = services
  try {
    const detail = fitted({ ...event, publishedAt: clock.now() })
    await publishNotice({ detailType: 'Summary Created', detail })
  } catch (error) {
    log.warn('A summary could not be put on the bus', { summaryId: event.summaryId, error })
    return { kind: 'later', reason: 'The bus did not take the event: try again later.', until: null }
  }
  await session.mark('event', { stage: 'done', at: clock.now(), id: null })
  return { kind: 'settled' }
}

/** Leaves out what is said twice: the statements stand in the text, too. */
function fitted(event: SummaryCreated): SummaryCreated {
  if (bytesOf(event) <= EVENT_LIMIT_BYTES) return event
  const shorter: SummaryCreated = { ...event, statements: [], omitted: ['statements'] }
  if (bytesOf(shorter) <= EVENT_LIMIT_BYTES) return shorter
  return { ...shorter, text: event.text.slice(0, SHORT_TEXT).toWellFormed(), omitted: ['statements', 'text'] }
}

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value))
