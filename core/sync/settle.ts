import { NO_TALLY, type Tally } from '../process/found/parts.ts'
import type { SyncServices } from './services.ts'
import { type Next, ON } from './work.ts'

type Settling = { run: string; settlingSince: number }

export type Settled =
  | { kind: 'waiting'; settlingSince: number; next: Next }
  /** Everything that was handed over has been worked off, or it took so long that it will not be. */
  | { kind: 'settled' | 'givenUp'; tally: Tally }

/** Whether the consumer has worked off all that a run has handed over; nobody sleeps for it. */
export async function settled(
  job: 'backfill' | 'sweep' | 'census',
  { run, settlingSince }: Settling,
  { parts, clock, settings, pause }: Pick<SyncServices, 'parts' | 'clock' | 'settings' | 'pause'>,
): Promise<Settled> {
  const now = clock.now()
  const stored = await parts.load(job)
  const { tasks, changes, timeEntries, places } = stored?.run === run ? stored : NO_TALLY
  const tally = { tasks, changes, timeEntries, places }
  const open = stored?.run === run ? Object.keys(stored.open).length : 0
  if (open === 0) return { kind: 'settled', tally }
  if (settlingSince === 0) return { kind: 'waiting', settlingSince: now, next: ON }
  if (now > settlingSince + settings.settleForMs + pause.pausedSince(settlingSince)) return { kind: 'givenUp', tally }
  const why = `waiting for ${open} ${open === 1 ? 'message' : 'messages'} to be worked off`
  return { kind: 'waiting', settlingSince, next: { kind: 'wait', until: now + settings.settleEveryMs, why } }
}
