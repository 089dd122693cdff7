import { listMembers } from '../clickup/members.ts'
import { listSpaces } from '../clickup/places-of-space.ts'
import type { FoundPlace } from '../process/found/found.ts'
import { isSame } from '../tasks/differences.ts'
import type { Fault } from '../upstream/fault.ts'
import { loadHierarchy, loadSpace, NEW_SPACE, type SpacePlace, saveSpace, saveSpaceIds } from './hierarchy.ts'
import { loadMembers, saveMembers } from './members.ts'
import type { SyncServices } from './services.ts'
import { distinct, MOST_SINGLY, single, type Walk, type Walked } from './walked.ts'

/** The members and the spaces: two calls, three with archived ones. */
export async function walkSpaces({ workspaceId, archived, most }: Walk, services: SyncServices): Promise<Walked> {
  const { clickup, connection, state, clock } = services
  const members = await listMembers(clickup, workspaceId)
  if (members.kind !== 'ok') return refusalOf(members)
  const living = await listSpaces(clickup, workspaceId, false)
  if (living.kind !== 'ok') return refusalOf(living)
  const old = archived ? await listSpaces(clickup, workspaceId, true) : null
  if (old !== null && old.kind !== 'ok') return refusalOf(old)
  const hierarchy = await loadHierarchy(state, connection.name)
  const { spaces: before = [], unreadable = [] } = hierarchy ?? {}
  const spaces = [...living.value, ...(old?.value ?? [])]
  const places: FoundPlace[] = []
  const next: SpacePlace[] = []
  for (const { id, name, archived: isArchived, fields } of distinct(spaces)) {
    // What was in sight before and is again is not new: its item stays when it goes.
    const was = before.find((each) => each.id === id) ?? (await loadSpace(state, connection.name, id))
    const isNew = was === null && before.length > 0 && !unreadable.includes(id)
    if (was === null || !isSame(was.fields, fields)) places.push({ kind: 'space', id, isNew, fields })
    const { folders = [], lists = [], listedAt = isNew ? NEW_SPACE : 0 } = was ?? {}
    const tried = was?.triedAt === undefined ? {} : { triedAt: was.triedAt }
    next.push({ id, name, archived: isArchived, fields, folders, lists, listedAt, ...tried })
  }
  let calls = archived ? 3 : 2
  const lost: string[] = []
  const unlisted = before.filter((space) => !next.some(({ id }) => id === space.id))
  // Archived ones are not listed where they were not asked for.
  const missing = unlisted.filter((space) => archived || !space.archived)
  const asked: SpacePlace[] = []
  const stay = unlisted.filter((space) => !missing.includes(space))
  for (const space of missing.slice(0, MOST_SINGLY)) {
    const seen = await single({ kind: 'space', id: space.id }, services)
    // What was learnt before it counts: begun anew, the same calls would be spent again and again.
    if (seen.kind === 'fault' && asked.length === 0) return seen
    if (seen.kind === 'fault') break
    calls += 1
    asked.push(space)
    if (seen.kind === 'unknown') stay.push(space)
    if (seen.kind === 'unknown') continue
    if (seen.kind === 'there') stay.push({ ...space, archived: seen.place.fields['archived'] === true })
    else lost.push(...space.lists.map(({ id }) => id))
    places.push(seen.place)
  }
  // Those that are still to be asked for come first the next time.
  next.push(...missing.slice(asked.length), ...stay)
  const due = next.toSorted((a, b) => visitedAt(a) - visitedAt(b) || (a.id < b.id ? -1 : 1)).slice(0, most)
  return {
    kind: 'walked',
    places,
    lost,
    calls,
    rest: { spaceIds: due.map(({ id }) => id), listed: true },
    async save() {
      const { storeEmails } = connection
      const kept = members.value.map(({ email, ...each }) => (storeEmails && email ? { ...each, email } : each))
      const known = await loadMembers(state, connection.name)
      if (known === null || JSON.stringify(known.members) !== JSON.stringify(kept))
        await saveMembers(state, connection.name, { readAt: clock.now(), members: kept })
      for (const space of next) {
        const was = before.find(({ id }) => id === space.id)
        if (was === undefined || JSON.stringify(was) !== JSON.stringify(space))
          await saveSpace(state, connection.name, space)
      }
      const spaceIds = next.map(({ id }) => id)
      await saveSpaceIds(state, connection.name, { readAt: clock.now(), spaceIds })
    },
  }
}

/** Spaces that cannot be listed have their turn as the others have, and no more. */
const visitedAt = ({ listedAt, triedAt = 0 }: SpacePlace) => Math.max(listedAt, triedAt)

function refusalOf(fault: Fault): Walked {
  switch (fault.kind) {
    case 'gone':
    case 'noAccess':
      return { kind: 'refused', reason: 'the token does not see the workspace any more: run hookline connect' }
    case 'invalid':
      return { kind: 'refused', reason: `ClickUp did not list the places: ${fault.reason}` }
    default:
      return { kind: 'fault', fault }
  }
}
