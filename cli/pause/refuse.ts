import * as z from 'zod'
import { loadPause, unreadablePause } from '../../core/pause/pause.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { plain } from '../output/text.ts'
import { agoText } from '../output/time.ts'
import type { Target } from '../target.ts'

/** For what would wait for the end of a pause, or ask ClickUp in one. @throws Failure while the stage is paused */
export async function refuseWhilePaused(io: Io, { dynamo, tables, label }: Target): Promise<void> {
  const pause = await loadPause({ dynamo, table: tables.state }).catch((error: unknown) => {
    if (error instanceof z.ZodError) return unreadablePause(io.now())
    throw error
  })
  if (pause === null || pause.since === null) return
  const { since, by, reason } = pause
  const why = reason === null ? '' : ` (${plain(reason)})`
  throw new Failure(
    `Hookline was paused ${agoText(since, io.now())} by ${plain(by)}${why}: run npx hookline resume first (${plain(label)}).`,
  )
}
