import { packErrand } from '../../ingest/message.ts'
import type { Services } from '../services.ts'

/** An errand that is this late has been lost. */
const LOST_MS = 60_000
const FIRST_DELAY_SECONDS = 15

/**
 * Sends the errand that reads what is owed, unless one is under way: a message of our own on the deliveries queue, because
 * after an outage nobody may deliver anything for hours.
 */
export async function callErrand(services: Services): Promise<void> {
  const { clock, connection, desk } = services
  const now = clock.now()
  const { errandAt } = await desk.look()
  if (errandAt > now - LOST_MS) return
  const message = packErrand({ connection: connection.name, slot: 'a', receivedAt: now })
  const [refused] = await services.sendAgain([{ message, delaySeconds: FIRST_DELAY_SECONDS }])
  if (refused !== null) throw new Error(`The errand could not be sent: ${refused ?? 'no answer'}`)
  // Written after it was sent: a crash between the two makes a second errand, which finds out and ends.
  await desk.expectErrand(now + FIRST_DELAY_SECONDS * 1000)
}
