import type { Phase } from '../../tasks/cycle/phases.ts'
import type { CycleReport } from '../cycle-report.ts'

/** Colours by name, as the page's style defines them for light and for dark. */
const WAITING = ['var(--wait-1)', 'var(--wait-2)', 'var(--wait-3)'] as const
const WORKING = [
  'var(--work-1)',
  'var(--work-2)',
  'var(--work-3)',
  'var(--work-4)',
  'var(--work-5)',
  'var(--work-6)',
] as const
const UNMAPPED = 'var(--unmapped)'

export type Palette = { status: string; phase: Phase | null; colour: string }[]

/** A colour for each status of a report that is not done, so that waiting and work can be told apart at a glance. */
export function paletteOf({ total }: CycleReport): Palette {
  const seen = { notStarted: 0, active: 0 }
  return total.statuses.flatMap(({ status, phase }): Palette => {
    if (phase === 'done') return []
    if (phase === null) return [{ status, phase, colour: UNMAPPED }]
    const colours = phase === 'notStarted' ? WAITING : WORKING
    const colour = colours[seen[phase]++ % colours.length] ?? UNMAPPED
    return [{ status, phase, colour }]
  })
}
