import type { Group } from '../../core/quarantine/groups.ts'
import type { Quarantined } from '../../core/quarantine/quarantined.ts'
import { type Column, type Fit, tableText } from '../output/table.ts'
import { agoText, type TimeStyle, timeText } from '../output/time.ts'

export const resourceText = ({ resource }: Pick<Quarantined, 'resource'>): string =>
  resource === null ? '' : `${resource.kind} ${resource.id}`

/** Why messages are there, a line each. */
export function groupsText(groups: readonly Group[], fit: Fit, now: number): string {
  const cells: (Column & { of(group: Group): string })[] = [
    { head: 'CLASS', of: (group) => group.class },
    { head: 'MESSAGES', align: 'right', of: ({ count }) => String(count) },
    { head: 'OLDEST', align: 'right', of: ({ oldest }) => (oldest === null ? '' : agoText(oldest, now)) },
    { head: 'CONNECTION', drop: 2, of: ({ connections }) => connections.join(', ') },
    { head: 'EVENTS', min: 10, drop: 1, of: eventsText },
    { head: 'REASON', min: 20, of: ({ reason }) => reason },
  ]
  return tableText(
    cells,
    groups.map((group) => cells.map(({ of }) => of(group))),
    fit,
  )
}

const SHOWN_EVENTS = 3
const eventsText = ({ events }: Group): string => {
  const shown = events.slice(0, SHOWN_EVENTS).map(({ event, count }) => `${count} ${event ?? 'unreadable'}`)
  return [...shown, ...(events.length > SHOWN_EVENTS ? ['...'] : [])].join(', ')
}

/** The messages one by one, with the id that `show`, `redrive` and `drop` take. */
export function messagesText(messages: readonly Quarantined[], fit: Fit, style: TimeStyle): string {
  const cells: (Column & { of(message: Quarantined): string })[] = [
    { head: 'ID', of: ({ id }) => id },
    {
      head: 'CAME IN',
      align: 'right',
      of: ({ firstSeen }) => (firstSeen === null ? '' : timeText(firstSeen, style)),
    },
    { head: 'CLASS', of: (message) => message.class },
    { head: 'CONNECTION', drop: 2, of: ({ connection }) => connection ?? '' },
    { head: 'EVENT', min: 10, drop: 1, of: ({ event }) => event ?? '' },
    { head: 'WHAT', min: 8, of: resourceText },
  ]
  return tableText(
    cells,
    messages.map((message) => cells.map(({ of }) => of(message))),
    fit,
  )
}

/** A message for `--json`: everything but its body, which only `show` gives. */
export const forJson = (message: Quarantined) => {
  const { id, reason, firstSeen, sentAt, attempts, connection, event, resource } = message
  const encoding = message.message?.encoding ?? null
  return { id, class: message.class, reason, firstSeen, sentAt, attempts, connection, encoding, event, resource }
}
