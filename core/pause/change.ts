import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { isConditionFailure } from '../platform/conditions.ts'
import { PK } from '../platform/tables.ts'
import { loadPause, NO_PAUSE, PAUSE_KEY, type Pause, unreadablePause } from './pause.ts'

type State = { dynamo: DynamoDBDocumentClient; table: string }

/** A message lives for 14 days on each of two queues, and nothing asks how old it is after that. */
const KEPT_MS = 30 * 86_400_000
/** The item stays far below a read unit. */
const KEPT = 50
const ATTEMPTS = 5

/** `already`: it was so before, and at most its reason is another. */
export type Changed = { kind: 'changed' | 'already'; pause: Pause }

/**
 * Pauses the stage. One that is paused stays so since then; with a reason, that and who gave it are written anew.
 * @param now ms since 1970
 */
export const beginPause = (
  state: State,
  { by, reason, now }: { by: string; reason: string | null; now: number },
): Promise<Changed> =>
  change(state, NO_PAUSE, (before) => {
    if (before.since === null) return { kind: 'changed', pause: { ...before, since: now, by, reason } }
    return { kind: 'already', pause: reason === null ? before : { ...before, by, reason } }
  })

/** Ends the pause; `past` has it then. What cannot be read has been one to everybody, and ends like one. */
export const endPause = (state: State, now: number): Promise<Changed> =>
  change(state, unreadablePause(now), (before) => {
    if (before.since === null) return { kind: 'already', pause: before }
    const ended = [{ from: before.since, to: Math.max(now, before.since) }, ...before.past]
    const past = ended.filter(({ to }) => to > now - KEPT_MS).slice(0, KEPT)
    return { kind: 'changed', pause: { ...before, since: null, past } }
  })

/** @param foreign what an item is taken for that is there and none of ours: it is written over, on whatever condition */
async function change({ dynamo, table }: State, foreign: Pause, act: (before: Pause) => Changed): Promise<Changed> {
  for (let attempt = 1; ; attempt += 1) {
    const read = await readable({ dynamo, table })
    const before = read === 'foreign' ? null : read
    const changed = act(read === 'foreign' ? foreign : (read ?? NO_PAUSE))
    if (changed.pause === before) return changed
    try {
      const Item = { [PK]: PAUSE_KEY, ...changed.pause }
      await dynamo.send(new PutCommand({ TableName: table, Item, ...ifStill(before) }))
      return changed
    } catch (error) {
      // Somebody else has paused or resumed in between.
      if (!isConditionFailure(error) || attempt === ATTEMPTS) throw error
    }
  }
}

/** Null where there is none. */
async function readable(state: State): Promise<Pause | 'foreign' | null> {
  try {
    return await loadPause(state)
  } catch (error) {
    if (error instanceof z.ZodError) return 'foreign'
    throw error
  }
}

const ifStill = (before: Pause | null) =>
  before === null
    ? {}
    : {
        ConditionExpression: '#since = :since',
        ExpressionAttributeNames: { '#since': 'since' },
        ExpressionAttributeValues: { ':since': before.since },
      }
