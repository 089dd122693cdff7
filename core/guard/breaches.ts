import type { Clock } from '../platform/clock.ts'
import type { Gap, GapCause, GapStore } from '../sync/gaps.ts'
import type { Finding } from './assess.ts'

/** What the guard opens it also closes; the others are the sweep's. */
const OURS: ReadonlySet<GapCause> = new Set<GapCause>([
  'suspended',
  'failing',
  'missing',
  'elsewhere',
  'events',
  'silent',
  'rotation',
])

type Services = { gaps: GapStore; connection: string; clock: Clock }

const isOpen = ({ cause, to }: Gap) => to === null && OURS.has(cause)

/**
 * Opens a gap for each cause that was found and has none open: before anything is mended, so that no crash hides it. Of one
 * that is open, what ClickUp says that it has given up meanwhile is written down.
 */
export async function openGaps(
  findings: readonly Pick<Finding, 'cause' | 'what' | 'givenUp'>[],
  goodAt: number | null,
  { gaps, connection, clock }: Services,
): Promise<void> {
  const found = new Map(
    findings.flatMap((finding) => (finding.cause === null ? [] : [[finding.cause, finding] as const])),
  )
  if (found.size === 0) return
  const now = clock.now()
  await gaps.revise(connection, (stored) => {
    const open = new Set(stored.filter(isOpen).map(({ cause }) => cause))
    const fresh = [...found].filter(([cause]) => !open.has(cause))
    const known = stored.map((gap) => (isOpen(gap) ? withGivenUp(gap, found.get(gap.cause)?.givenUp ?? null) : gap))
    if (fresh.length === 0 && known.every((gap, i) => gap === stored[i])) return null
    return [
      ...known,
      ...fresh.map(([cause, { what, givenUp }]): Gap => {
        const repaired = { tasks: 0, changes: 0, timeEntries: 0, places: 0 }
        const window = { from: goodAt ?? now, to: null, sweptAt: null }
        return { id: `${cause}-${now}`, cause, ...window, detail: `${what}.`, repaired, givenUp }
      }),
    ]
  })
}

/** ClickUp's count begins anew when a webhook is activated, so the greatest that was seen is what is known for certain. */
const withGivenUp = (gap: Gap, givenUp: number | null): Gap =>
  givenUp === null || givenUp <= (gap.givenUp ?? -1) ? gap : { ...gap, givenUp }

export const hasOpenGap = async ({ gaps, connection }: Services): Promise<boolean> =>
  (await gaps.list(connection)).some(isOpen)

/** All is well: what was open ends now. */
export async function closeGaps({ gaps, connection, clock }: Services): Promise<void> {
  const now = clock.now()
  await gaps.revise(connection, (stored) => {
    if (!stored.some(isOpen)) return null
    return stored.map((gap) => (isOpen(gap) ? { ...gap, to: now, detail: `${gap.detail} It was mended.` } : gap))
  })
}
