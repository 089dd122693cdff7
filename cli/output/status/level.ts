import type { Level } from '../../../core/status/verdict.ts'
import type { painter } from '../text.ts'
import type { TimeStyle } from '../time.ts'

/** How what is told is coloured, and how its times are written. */
export type Pen = { paint: ReturnType<typeof painter>; style: TimeStyle }

export const colourOf = (level: Level | 'well') => (level === 'well' ? 'green' : level === 'amber' ? 'yellow' : 'red')
