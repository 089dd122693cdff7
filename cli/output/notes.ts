import type { Io } from '../io.ts'

/** `1 change`, `2 changes`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** Says that something stored was skipped, if anything was. */
export function noteUnreadable(io: Io, count: number): void {
  if (count === 0) return
  io.note(`${counted(count, 'stored item')} could not be read and ${count === 1 ? 'was' : 'were'} left out.`)
}
