import type { Recorded } from '../../core/ledger/history.ts'
import type { Json } from '../../core/platform/json.ts'
import { isSame } from '../../core/tasks/differences.ts'
import { factsOf } from '../../core/tasks/facts.ts'
import { type Findings, noFindings, shown } from './findings.ts'
import { recorded } from './judge-transitions.ts'
import type { Stored } from './stored.ts'
import type { Watched, Witness } from './witness.ts'

const KINDS = new Set(['list', 'folder', 'space'])
const FIELDS = ['name', 'archived']

/**
 * Lists, folders and spaces: what is stored of them is what there is, and what the ledger says of their names leads there
 * without saying anything twice. A look sees the state of its own moment, so not every name need be told.
 */
export function judgePlaces(stored: Stored, clickup: Watched, witness: Witness, userId: number): Findings {
  const findings = noFindings()
  const real = placesNow(clickup, userId)
  const known = new Map<string, Record<string, Json>>(
    (stored.hierarchy?.spaces ?? []).flatMap((space) => [
      [`space#${space.id}`, { name: space.name, archived: space.archived }] as const,
      ...space.folders.map(({ id, name, archived }) => [`folder#${id}`, { name, archived, space: space.id }] as const),
      ...space.lists.map(
        ({ id, name, archived, folderId, startAt, dueAt }) =>
          [`list#${id}`, { name, archived, space: space.id, folder: folderId, startAt, dueAt }] as const,
      ),
    ]),
  )
  for (const [key, value] of real) {
    findings.compared += 1
    const its = known.get(key)
    if (its === undefined) findings.missing.push(`${key} ${shown(value)} is not stored`)
    else if (!isSame(value, { ...its })) findings.missing.push(`${key} is ${shown(value)} and stored as ${shown(its)}`)
  }
  for (const [key, value] of known)
    if (!real.has(key)) findings.extra.push(`${key} ${shown(value)} is stored and not there`)
  for (const [key, changes] of placeChanges(stored.ledger)) judgePlace(key, changes, real.get(key), witness, findings)
  for (const key of real.keys()) {
    const isBorn = witness.bornAt(key) !== undefined
    const births = (placeChanges(stored.ledger).get(key) ?? []).filter(({ field }) => field === 'creation').length
    if (isBorn && births === 0) findings.missing.push(`${key}: that it was made is not in the ledger`)
    if (births > 1) findings.extra.push(`${key}: it was made ${births} times`)
  }
  return findings
}

const placeChanges = (ledger: readonly Recorded[]) =>
  Map.groupBy(
    ledger.filter(({ resource }) => KINDS.has(resource.kind)),
    ({ resource }) => `${resource.kind}#${resource.id}`,
  )

function judgePlace(
  key: string,
  changes: readonly Recorded[],
  real: Record<string, Json> | undefined,
  witness: Witness,
  findings: Findings,
): void {
  for (const field of FIELDS) {
    const moments = witness.momentsOf(key).get(field) ?? []
    const told = changes
      .toSorted((a, b) => a.at - b.at)
      .flatMap((change) =>
        factsOf(change).flatMap((fact) => (fact.key === field ? [{ change, value: fact.value }] : [])),
      )
    let from = 0
    for (const { change, value } of told) {
      // How it is when it is first seen may have been told before: by the delivery that made somebody look.
      const isFirst = change.field === 'creation'
      const at = moments.findIndex((moment, i) => (isFirst || i >= from) && isSame(moment.value, value))
      if (at < 0) findings.extra.push(`was not so, or was said already: ${recorded(change)}`)
      else from = Math.max(from, at + 1)
    }
    findings.compared += 1
    const last = told.at(-1)
    const final = real?.[field]
    const isOld = moments.length <= 1
    if (final === undefined || (last === undefined && isOld)) continue
    if (last === undefined || !isSame(last.value, final))
      findings.missing.push(`${key}: ${field} is ${shown(final)} and the ledger says ${shown(last?.value)}`)
  }
}

/** What our token sees. */
function placesNow({ world }: Watched, userId: number): Map<string, Record<string, Json>> {
  const places = new Map<string, Record<string, Json>>()
  const { spaces, folders, lists } = world.store
  for (const space of spaces.values()) {
    if (world.isMember(space, userId)) places.set(`space#${space.id}`, { name: space.name, archived: space.archived })
  }
  for (const folder of folders.values()) {
    if (folder.hidden || !places.has(`space#${folder.spaceId}`)) continue
    places.set(`folder#${folder.id}`, { name: folder.name, archived: folder.archived, space: folder.spaceId })
  }
  for (const list of lists.values()) {
    const folder = folders.get(list.folderId)
    if (folder === undefined || !places.has(`space#${folder.spaceId}`)) continue
    const { name, archived, startDate: startAt, dueDate: dueAt } = list
    const its = { name, archived, space: folder.spaceId, folder: folder.hidden ? null : folder.id, startAt, dueAt }
    places.set(`list#${list.id}`, its)
  }
  return places
}
