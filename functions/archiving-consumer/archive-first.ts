import { type ArchivedDelivery, deliveryIn } from '../../core/archive/record.ts'
import type { DeliveryMessage } from '../../core/ingest/message.ts'
import type { Log } from '../../core/platform/log.ts'
import type { Prelude } from '../consumer/consume.ts'

/** Stores deliveries as they came. Resolves when all of them are stored. */
type Store = (deliveries: readonly ArchivedDelivery[]) => Promise<void>

/**
 * Stores the deliveries of a batch before anything else is done with them: a fault further on is what the archive is there for.
 * What was put off or sent again was stored when it came first.
 *
 * A delivery that cannot be stored comes again, once: so a passing fault leaves no hole. After that it is worked off without
 * being stored, which is logged: an archive that is away for longer must neither hold the deliveries back nor, receive by
 * receive, drive them into the quarantine.
 */
export const archiveFirst =
  (store: Store, log: Log): Prelude =>
  async (batch) => {
    const its = batch.filter(({ message }) => isNew(message) && deliveryIn(message) !== null)
    if (its.length === 0) return new Set()
    try {
      await store(its.flatMap(({ message }) => deliveryIn(message) ?? []))
      return new Set()
    } catch (error) {
      const again = its.filter(({ envelope }) => envelope.receives < 2)
      const missing = its.filter(({ envelope }) => envelope.receives >= 2)
      if (again.length > 0)
        log.warn('Deliveries could not be archived and come again', { messages: again.length, error })
      if (missing.length > 0) {
        const receivedAt = missing.map(({ message }) => message.receivedAt)
        log.error('Deliveries are missing in the archive', { messages: missing.length, receivedAt, error })
      }
      return new Set(again.map(({ message }) => message))
    }
  }

const isNew = ({ attempts, resentAt }: DeliveryMessage) => attempts === 0 && resentAt === undefined
