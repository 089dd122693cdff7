import { readAccount } from '../clickup/account.ts'
import { readClickApps } from '../clickup/click-apps.ts'
import { createWebhooks } from '../clickup/webhooks.ts'
import type { Clock } from '../platform/clock.ts'
import type { Asked, ConnectionLooks } from './services.ts'

/** Asks ClickUp what the checks want to know: six calls, each timed. */
export async function ask(
  { clickup }: Pick<ConnectionLooks, 'clickup'>,
  workspaceId: string,
  clock: Clock,
): Promise<Asked> {
  const took: number[] = []
  const timed: Pick<typeof clickup, 'get'> = {
    async get(path, schema) {
      const began = clock.now()
      const answer = await clickup.get(path, schema)
      took.push(clock.now() - began)
      return answer
    },
  }
  const asking = { get: timed.get, send: clickup.send }
  // One after the other: together they would measure each other.
  const account = await readAccount(timed)
  const webhooks = await createWebhooks(asking, workspaceId).list()
  const clickApps = await readClickApps(timed, workspaceId)
  return { account, webhooks, clickApps, took }
}
