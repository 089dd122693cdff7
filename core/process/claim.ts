import { BUSY_RETRY_MS, deferred } from './defer.ts'
import type { Services } from './services.ts'
import { forEach, isOpen, together, type Work } from './work.ts'

/**
 * Claims the changes, so that nobody else works on them: what is done is a duplicate, what another worker has is put off.
 *
 * @param claimUntil when to begin no more of it; what is left goes back to the queue
 */
export async function claim(works: readonly Work[], services: Services, claimUntil: number): Promise<void> {
  await together(works, () => skipDone(works, services))
  await forEach(works.filter(isOpen), async (work) => {
    const now = services.clock.now()
    if (now >= claimUntil) {
      work.outcome = deferred('outOfTime', now)
      return
    }
    // A claim that was not answered for may be written all the same; giving back what is not ours does nothing.
    work.held = true
    const claimed = await services.ledger.claim(work.change)
    work.held = claimed.kind === 'claimed'
    switch (claimed.kind) {
      case 'claimed':
        return
      case 'duplicate':
        work.outcome = { kind: 'duplicate' }
        return
      case 'busy':
        work.outcome = deferred('busy', services.clock.now() + BUSY_RETRY_MS)
    }
  })
}

/**
 * A claim finds out by itself what is done, but by a write that is refused and a read: twins come apart as often as together, and
 * looking first costs a tenth of that. A large batch that comes again would have no time for it either.
 */
async function skipDone(works: readonly Work[], { ledger }: Services): Promise<void> {
  const done = await ledger.doneAmong(works.map(({ change }) => change))
  for (const work of works) if (done.has(work.change.id)) work.outcome = { kind: 'duplicate' }
}
