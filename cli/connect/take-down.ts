import { faultText } from '../../core/guard/fault-text.ts'
import { disconnect } from '../../core/guard/remove.ts'
import { LOCK_MS } from '../../core/guard/state.ts'
import { Failure } from '../failure.ts'
import { type Io, sleepOf } from '../io.ts'
import { counted } from '../output/notes.ts'
import type { Home, Target } from '../target.ts'
import { guardServices } from './services.ts'

/** Deletes the webhooks of a connection with its stored token. @throws Failure when ClickUp gives no answer */
export async function takeDown(of: { io: Io; target: Target; home: Home; connection: string }) {
  const { io, connection } = of
  const services = guardServices(of)
  const giveUpAt = io.now() + 2 * LOCK_MS
  for (let told = false; ; told = true) {
    const removed = await disconnect(services)
    switch (removed.kind) {
      case 'removed': {
        const { webhooks, wasConnected, left } = removed
        if (left !== null)
          io.note(
            `The webhook ${left} of the former user of ${connection} may still be there: delete it in ClickUp, as that user.`,
          )
        const said = wasConnected ? `disconnected, ${counted(webhooks, 'webhook')} deleted` : 'was not connected'
        return { webhooks, wasConnected, said }
      }
      case 'unreachable':
        throw new Failure(`The webhooks of ${connection} may still be there: ${faultText(removed.fault)}`)
      case 'busy':
        if (io.now() > giveUpAt)
          throw new Failure('Somebody else is at the webhooks all the time: try again in a few minutes.')
        if (!told) io.note(`Waiting for ${removed.what}, which is at the webhooks ...`)
        await sleepOf(io)(2_000)
    }
  }
}
