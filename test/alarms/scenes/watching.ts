import { beginPause, endPause } from '../../../core/pause/change.ts'
import type { Scene } from '../support/stage.ts'

export const WATCHING: Readonly<Record<string, Scene>> = {
  /** Everything else goes on, and the pulse is not taken. */
  PulseSilent: (stage) => stage.driver.sweep(),

  async PausedLong(stage) {
    await beginPause(stage.state, { by: 'somebody', reason: 'a drill', now: Date.now() })
    stage.after(() => endPause(stage.state, Date.now()))
    await stage.pulse()
  },
}
