import { type Pause, pausedBetween } from '../pause/pause.ts'
import type { Calendar } from '../report/working-time.ts'
import { type ConnectionStatus, watermarkOf } from '../status/connection.ts'
import type { Seen } from '../status/pulse.ts'

type Worst = Pick<Seen, 'watermarkAgeMs' | 'webhooksBroken' | 'webhookFailCount' | 'quietMs'>

/**
 * The worst of all connections of a stage. One that was not connected yet, or was taken down, is no part of it: nothing is
 * expected of it. Pauses make nothing older: an operator wanted them.
 */
export function worstOf(
  connections: readonly ConnectionStatus[],
  { now, pause, calendar }: { now: number; pause: Pause; calendar: Calendar },
): Worst {
  const connected = connections.filter(({ record }) => record !== null)
  const listening = connected.filter(
    ({ record, webhooks }) => record?.mode !== 'poll' && (webhooks?.offSince ?? null) === null,
  )
  return {
    watermarkAgeMs: greatest(connected.flatMap((each) => watermarkAge(each, pause, now) ?? [])),
    webhooksBroken: listening.filter(isBroken).length,
    webhookFailCount: greatest(listening.map(failCountOf)) ?? 0,
    // Outside working hours silence says nothing. In a pause nobody notes what is delivered: whoever judges silence asks for that.
    quietMs: isWorking(calendar, now) ? greatest(listening.flatMap((each) => quiet(each, calendar, now) ?? [])) : 0,
  }
}

const greatest = (numbers: readonly number[]) => (numbers.length === 0 ? null : Math.max(...numbers))

/** Where no sweep has come to its end yet, everything since the connection was made may be missing. */
function watermarkAge(connection: ConnectionStatus, pause: Pause, now: number): number | null {
  // Nobody knows then, and `status` says so.
  if (connection.unreadable.includes('sweep')) return null
  const since = watermarkOf(connection) ?? connection.record?.connectedAt ?? null
  return since === null ? null : Math.max(0, now - since - pausedBetween(pause, since, now))
}

/** The guard has mended what it can before it says `unhealthy`; one that is silent is replaced, and broken until that has ended. */
const isBroken = ({ webhooks, gaps }: ConnectionStatus): boolean =>
  webhooks?.report?.verdict === 'unhealthy' || gaps.some(({ cause, to }) => cause === 'silent' && to === null)

const failCountOf = ({ webhooks }: ConnectionStatus): number =>
  Math.max(webhooks?.report?.lost?.count ?? 0, webhooks?.slots.a?.failCount ?? 0, webhooks?.slots.b?.failCount ?? 0)

function quiet({ heardAt, record, unreadable }: ConnectionStatus, calendar: Calendar, now: number): number | null {
  if (unreadable.includes('intake')) return null
  const since = Math.max(heardAt ?? 0, record?.connectedAt ?? 0)
  return since === 0 ? null : calendar.working(since, now)
}

const isWorking = (calendar: Calendar, now: number) => calendar.working(now - 1, now) > 0
