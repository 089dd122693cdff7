import {
  type ListedList,
  type ListedPlace,
  listArchivedLists,
  listPlaces,
  type PlacesOfSpace,
} from '../clickup/places-of-space.ts'
import type { FoundPlace } from '../process/found/found.ts'
import { loadSpace, type SpacePlace, saveSpace } from './hierarchy.ts'
import type { SyncServices } from './services.ts'
import {
  distinct,
  MOST_SINGLY,
  type PlacesWalk,
  type Refusal,
  type Single,
  single,
  type Walk,
  type Walked,
} from './walked.ts'

/**
 * The folders and lists of the next space: two calls, with archived ones two more. The archived lists of its folders follow,
 * folder by folder: all in one step would be more calls than the lane of a small plan has in a minute, and would begin anew each time.
 */
export async function walkSpace(walk: Walk & { rest: PlacesWalk }, services: SyncServices): Promise<Walked> {
  const { connection, state, clock } = services
  if (walk.rest.folders !== undefined && walk.rest.folders.length > 0) return walkFolder(walk.rest, services)
  const [id = '', ...spaceIds] = walk.rest.spaceIds
  const rest: PlacesWalk = { spaceIds, listed: true }
  const listed = await listAll(id, walk.archived, services)
  if (listed.kind === 'fault') return listed
  const nothing = { kind: 'walked' as const, places: [], lost: [], rest, save: async () => undefined }
  // Where nothing can be listed: it went out of sight since the spaces were listed, and the next walk finds that.
  const before = await loadSpace(state, connection.name, id)
  if (before === null) return { ...nothing, calls: listed.calls }
  if (listed.kind === 'unseen') {
    const save = () => saveSpace(state, connection.name, { ...before, triedAt: clock.now() })
    return { ...nothing, calls: listed.calls, save }
  }
  const { folders, lists } = listed.places
  const isFirst = before.listedAt === 0
  const places = [...folders, ...lists].flatMap((place) =>
    isNews(place, before) ? foundOf(place, isFirst, before) : [],
  )
  let { calls } = listed
  const lost: string[] = []
  const stay: SpacePlace = { ...before, folders: [], lists: [] }
  const unlisted = missing(before, listed.places, walk.archived)
  const asked: { was: Was; seen: Exclude<Single, { kind: 'fault' }> }[] = []
  for (const was of unlisted.slice(0, MOST_SINGLY)) {
    const seen = await single({ kind: was.kind, id: was.place.id }, services)
    // What was learnt before it counts: begun anew, the same calls would be spent again and again.
    if (seen.kind === 'fault' && asked.length === 0) return seen
    if (seen.kind === 'fault') break
    calls += 1
    asked.push({ was, seen })
  }
  // Those that are still to be asked for come first the next time.
  for (const was of unlisted.slice(asked.length)) keep(stay, was, was.place.archived)
  for (const { was, seen } of asked) {
    if (seen.kind === 'unknown') keep(stay, was, was.place.archived)
    if (seen.kind === 'unknown') continue
    places.push(seen.place)
    if (seen.kind === 'there' && isElsewhere(seen.place, id)) continue
    if (seen.kind === 'there') keep(stay, was, seen.place.fields['archived'] === true)
    else if (was.kind === 'list') lost.push(was.place.id)
  }
  // As long as some of them turn out to be gone, the space is walked again for the others.
  const isAgain = asked.length < unlisted.length && asked.some(({ was, seen }) => isSettled(seen, was, id))
  if (isAgain) rest.spaceIds.unshift(id)
  for (const was of carried(before, listed.places, walk.archived)) keep(stay, was, true)
  const next: SpacePlace = {
    ...before,
    folders: [...folders.map(({ id, name, archived }) => ({ id, name, archived })), ...stay.folders],
    lists: [...lists.map(placeOfList), ...stay.lists],
    listedAt: clock.now(),
  }
  if (walk.archived && !isAgain) rest.folders = folders.map((folder) => ({ spaceId: id, folderId: folder.id }))
  return { kind: 'walked', places, lost, calls, rest, save: () => saveSpace(state, connection.name, next) }
}

/** The archived lists of the next folder. */
async function walkFolder(walk: PlacesWalk, services: SyncServices): Promise<Walked> {
  const { clickup, connection, state } = services
  const [next, ...folders] = walk.folders ?? []
  const rest: PlacesWalk = { ...walk, folders }
  const nothing = { kind: 'walked' as const, places: [], lost: [], rest, save: async () => undefined }
  if (next === undefined) return { ...nothing, calls: 0 }
  const listed = await listArchivedLists(clickup, next.spaceId, next.folderId)
  if (listed.kind === 'gone' || listed.kind === 'noAccess' || listed.kind === 'invalid') return { ...nothing, calls: 1 }
  if (listed.kind !== 'ok') return { kind: 'fault', fault: listed }
  const before = await loadSpace(state, connection.name, next.spaceId)
  const lists = distinct(listed.value)
  if (before === null || lists.length === 0) return { ...nothing, calls: 1 }
  // What is archived was there before, whenever it is seen for the first time.
  const places = lists.filter((list) => isNews(list, before)).map((list) => foundOf(list, true, before))
  const others = before.lists.filter((was) => !lists.some(({ id }) => id === was.id))
  const space: SpacePlace = { ...before, lists: [...others, ...lists.map(placeOfList)] }
  return { kind: 'walked', places, lost: [], calls: 1, rest, save: () => saveSpace(state, connection.name, space) }
}

type Listed =
  | { kind: 'listed'; places: PlacesOfSpace; calls: number }
  | { kind: 'unseen'; calls: number }
  | { kind: 'fault'; fault: Refusal }

async function listAll(spaceId: string, archived: boolean, { clickup }: SyncServices): Promise<Listed> {
  const all: PlacesOfSpace = { folders: [], lists: [] }
  let calls = 0
  for (const isArchived of archived ? [false, true] : [false]) {
    const listed = await listPlaces(clickup, spaceId, isArchived)
    calls += 2
    if (listed.kind === 'gone' || listed.kind === 'noAccess' || listed.kind === 'invalid')
      return { kind: 'unseen', calls }
    if (listed.kind !== 'ok') return { kind: 'fault', fault: listed }
    all.folders.push(...listed.value.folders)
    all.lists.push(...listed.value.lists)
  }
  return { kind: 'listed', places: { folders: distinct(all.folders), lists: distinct(all.lists) }, calls }
}

const placeOfList = ({ id, name, archived, folderId, startAt, dueAt, taskCount }: ListedList) => ({
  ...{ id, name, archived, folderId, startAt, dueAt, taskCount },
})

/** A count of tasks is no news: what changed it is. */
function isNews(place: ListedPlace | ListedList, before: SpacePlace): boolean {
  if (place.kind === 'folder') {
    const was = before.folders.find(({ id }) => id === place.id)
    return was === undefined || was.name !== place.name || was.archived !== place.archived
  }
  const was = before.lists.find(({ id }) => id === place.id)
  if (was === undefined || !('folderId' in place)) return true
  return (
    was.name !== place.name ||
    was.archived !== place.archived ||
    was.folderId !== place.folderId ||
    was.startAt !== place.startAt ||
    was.dueAt !== place.dueAt
  )
}

function foundOf({ kind, id, fields }: ListedPlace, isFirst: boolean, before: SpacePlace): FoundPlace {
  const known = [...before.folders, ...before.lists].some((each) => each.id === id)
  return { kind, id, fields, isNew: !isFirst && !known }
}

type Was =
  | { kind: 'folder'; place: SpacePlace['folders'][number] }
  | { kind: 'list'; place: SpacePlace['lists'][number] }

const allOf = ({ folders, lists }: SpacePlace): Was[] => [
  ...folders.map((place) => ({ kind: 'folder' as const, place })),
  ...lists.map((place) => ({ kind: 'list' as const, place })),
]

const isListed = ({ place }: Was, { folders, lists }: PlacesOfSpace) =>
  [...folders, ...lists].some(({ id }) => id === place.id)

/** Archived places only where archived ones were asked for, and an archived list in a folder only when that is walked. */
const isAskedFor = ({ kind, place }: Was, archived: boolean) =>
  !place.archived || (archived && !(kind === 'list' && place.folderId !== null))

/** What should be listed and is not. */
const missing = (before: SpacePlace, listed: PlacesOfSpace, archived: boolean): Was[] =>
  allOf(before).filter((was) => !isListed(was, listed) && isAskedFor(was, archived))

const carried = (before: SpacePlace, listed: PlacesOfSpace, archived: boolean): Was[] =>
  allOf(before).filter((was) => !isListed(was, listed) && !isAskedFor(was, archived))

/** One that was moved is another space's now, and is found there. */
const isElsewhere = ({ fields }: FoundPlace, spaceId: string) =>
  typeof fields['space'] === 'string' && fields['space'] !== spaceId

/** Whether it need not be asked for when the space is walked again. */
const isSettled = (seen: Single, was: Was, spaceId: string) =>
  seen.kind === 'gone' ||
  (seen.kind === 'there' &&
    (isElsewhere(seen.place, spaceId) || (seen.place.fields['archived'] === true && !was.place.archived)))

function keep(space: SpacePlace, was: Was, archived: boolean): void {
  if (was.kind === 'folder') space.folders.push({ ...was.place, archived })
  else space.lists.push({ ...was.place, archived })
}
