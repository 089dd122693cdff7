import { Interrupted } from '../input.ts'
import type { Io } from '../io.ts'

/** A line for those who look at no terminal, every so often. */
const TELL_EVERY_MS = 30_000
const BAR = 20

/** Says how far work has come: how much of it, 0 to 1, and in words. */
export type Tell = (share: number, words: string) => void

/**
 * Does work of many steps and shows how far it has come. Ctrl-C ends it at once, wherever it is.
 * @param stopped what to tell then: what was done, and how to go on
 */
export async function inSteps<Value>(io: Io, stopped: () => string, act: (tell: Tell) => Promise<Value>) {
  let toldAt = io.now()
  const tell: Tell = (share, words) => {
    const full = Math.round(Math.min(1, Math.max(0, share)) * BAR)
    const line = `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${words}`
    if (io.progress !== undefined) return io.progress(line)
    if (io.now() - toldAt < TELL_EVERY_MS) return
    toldAt = io.now()
    io.note(line)
  }
  const ended = () => {
    io.progress?.(null)
    io.note(stopped())
  }
  const calledOff = io.onInterrupt?.(ended)
  try {
    const value: Value = await act(tell)
    io.progress?.(null)
    return value
  } catch (error) {
    io.progress?.(null)
    if (error instanceof Interrupted) ended()
    throw error
  } finally {
    calledOff?.()
  }
}
