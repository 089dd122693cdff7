import { ownChange } from '../../clickup/changes.ts'
import { type PlaceFields, readPlace } from '../../clickup/places.ts'
import { capped } from '../../ledger/cap.ts'
import type { Change } from '../../ledger/change.ts'
import type { Connection } from '../../platform/connections.ts'
import type { Json } from '../../platform/json.ts'
import { type Difference, differences } from '../../tasks/differences.ts'
import { BORN } from '../../tasks/facts.ts'
import { baseline, type Known } from '../../tasks/known.ts'
import { outcomeOf } from '../defer.ts'
import type { Services } from '../services.ts'
import { type Hint, type Seen, tooEarly } from './seen.ts'

/** Reads a list, folder, space or goal, and says what of it no change explains. */
export async function lookAtPlace(hint: Hint, services: Services): Promise<Seen> {
  const { resource, says } = hint
  const early = tooEarly(hint, services.clock.now(), services.reading)
  const answer = await readPlace(services.clickup, resource)
  const now = services.clock.now()
  const isThere = answer.kind === 'ok'
  // Told that it is deleted and answered that it is there, or the other way round: one of the two is late, and it is the answer.
  const disagree = (says === 'deleted') === isThere && (isThere || answer.kind === 'gone' || answer.kind === 'noAccess')
  if (disagree && early !== null) return { kind: 'blocked', outcome: early }
  switch (answer.kind) {
    case 'ok':
      return seenOfPlace({ ...answer.value, state: 'present' }, answer.observedAt, hint, services.connection)
    case 'gone':
      return seenOfPlace({ state: 'deleted' }, now, hint, services.connection)
    case 'noAccess':
      return seenOfPlace({ state: says === 'deleted' ? 'deleted' : 'outOfSight' }, now, hint, services.connection)
    default:
      return { kind: 'blocked', outcome: outcomeOf(answer, now) }
  }
}

/** Who found it, and before when nothing had changed that was not accounted for: the beginning of an interval. */
type Finder = { origin: Change['origin']; from: number }

/** What fields with a `state` say, beside what is accounted for. */
export function seenOfPlace(
  fields: PlaceFields,
  at: number,
  hint: Hint,
  connection: Connection,
  { origin, from }: Finder = { origin: 'webhook', from: 0 },
): Seen {
  const { says } = hint
  const facts = new Map(Object.entries(fields).map(([key, value]) => [key, capped(value)]))

  function change(known: Known | null, { key, before, after, since }: Difference): Change {
    const version = known?.version ?? 0
    const own = ownChange({ ...hint, connection, field: key, origin: `version ${version}`, version, at })
    const atEarliest = Math.min(at, Math.max(since, from) || at)
    return { ...own, origin, before: capped(before), after: capped(after), atEarliest }
  }

  function changesSince(known: Known | null): Change[] {
    const was = known?.fields['state']?.value ?? null
    if (fields['state'] === 'outOfSight') return []
    if (fields['state'] === 'deleted') {
      return was === 'deleted'
        ? []
        : [change(known, { key: 'deletion', before: lastSeen(known), after: null, since: at })]
    }
    const isBirth = says === 'created' && known?.fields[BORN]?.value !== true
    // Told once in the life of a place, so its id holds no version: whichever hint comes first, it is the same change.
    const birth = {
      ...ownChange({ ...hint, connection, field: 'creation', origin: 'birth', version: 0, at }),
      origin,
      after: capped(fields),
    }
    // Without word of its making, a place that is seen for the first time was there before: that is where the ledger begins.
    if (known === null) return isBirth ? [birth] : []
    if (was === 'deleted') return [change(known, { key: 'restoration', before: null, after: fields, since: at })]
    const differing = differences(known, facts).filter(({ key, since }) => key !== BORN && since <= at)
    return [...(isBirth ? [birth] : []), ...differing.map((each) => change(known, each))]
  }

  return { kind: 'seen', first: firstOf(facts, says), changesSince }
}

/** Where the ledger begins: with what is there, unless a change tells of it. */
function firstOf(facts: Map<string, Json>, says: Hint['says']): Known | null {
  const state = facts.get('state')
  if (state === 'outOfSight') return null
  return baseline(state === 'present' && says !== 'created' ? facts : new Map())
}

/** A deletion tells what is gone, as far as it was known. */
function lastSeen(known: Known | null): Json {
  if (known === null) return null
  const { state: _state, [BORN]: _born, ...fields } = known.fields
  const values = Object.entries(fields).map(([key, { value }]) => [key, value])
  return values.length === 0 ? null : Object.fromEntries(values)
}
