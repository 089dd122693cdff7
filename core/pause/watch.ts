import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { loadPause, NO_PAUSE, type Pause, pausedBetween, unreadablePause } from './pause.ts'

/** A pause is heeded this soon, by everybody: a read in so long, and none by who is idle. */
const LIFE_MS = 5_000

/** Whether the stage is paused, kept for some seconds; one for each process. */
export type PauseWatch = {
  look(): Promise<Pause>
  /** How many ms since then were spent in pauses, as far as the last look tells. */
  pausedSince(at: number): number
}

type WatchServices = { dynamo: DynamoDBDocumentClient; table: string; clock: Clock; log: Log }

/**
 * What cannot be read at all leaves things as they were last seen, and at first as if there were no pause: all work needs the same
 * table, and comes to nothing where that cannot be reached. What is there and none of ours is taken for a pause.
 */
export function createPauseWatch({ dynamo, table, clock, log }: WatchServices): PauseWatch {
  let seen: Pause = NO_PAUSE
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | null = null

  async function read(): Promise<void> {
    const at = clock.now()
    try {
      seen = (await loadPause({ dynamo, table })) ?? NO_PAUSE
    } catch (error) {
      if (error instanceof z.ZodError) {
        log.error(
          'What is stored of the pause is in a form that is not ours: it is taken for one until hookline resume',
        )
        if (seen.since === null) seen = { ...unreadablePause(at), past: seen.past }
      } else log.warn('Whether all is paused could not be read', { error })
    }
    // Also a failure holds for so long: where the table is slow, asking more often makes nothing better.
    readAt = at
  }

  return {
    async look() {
      if (clock.now() >= readAt + LIFE_MS) {
        reading ??= read().finally(() => {
          reading = null
        })
        await reading
      }
      return seen
    },
    pausedSince: (at) => pausedBetween(seen, at, clock.now()),
  }
}
