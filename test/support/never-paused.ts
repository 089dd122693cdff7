import { NO_PAUSE } from '../../core/pause/pause.ts'
import type { PauseWatch } from '../../core/pause/watch.ts'

/** For tests of something else. */
export const neverPaused: PauseWatch = { look: async () => NO_PAUSE, pausedSince: () => 0 }
