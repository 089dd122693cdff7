import type { Io } from '../io.ts'

/** `1 change`, `2 changes`; `several` where that takes more than an s. */
export const counted = (count: number, what: string, several = `${what}s`): string =>
  `${count} ${count === 1 ? what : several}`

/** Says that something stored was skipped, if anything was. */
export function noteUnreadable(io: Io, count: number): void {
  if (count === 0) return
  io.note(`${counted(count, 'stored item')} could not be read and ${count === 1 ? 'was' : 'were'} left out.`)
}
