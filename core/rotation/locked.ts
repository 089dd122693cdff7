import { withSession } from '../guard/guard.ts'
import type { Session } from '../guard/state.ts'
import type { Again, Failed } from './outcomes.ts'
import { patiently } from './patience.ts'
import type { ReplaceServices } from './replace-services.ts'

/** Does something under the lock of the webhooks, waiting for it; `again`: a reason to wait and do it once more. */
export const underLock =
  (services: Pick<ReplaceServices, 'patience' | 'log' | 'state' | 'connection' | 'clock' | 'holder'>) =>
  <Result>(use: (session: Session) => Promise<Result | Again>): Promise<Result | Failed> =>
    patiently(services.patience, services.clock, async () => {
      const result = await withSession(services, 'a rotation', async (session) => {
        const used = await use(session)
        await session.release()
        return { kind: 'used' as const, used }
      })
      return result.kind === 'used' ? result.used : { kind: 'again', reason: `${result.what} is at the webhooks.` }
    })
