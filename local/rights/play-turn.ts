import type { Stage } from './stage.ts'
import type { Turn } from './turn.ts'

/** How a turn went. `failed`: what it missed, or what a function has said at the level ERROR. */
export type Played = { kind: 'passed'; ms: number } | { kind: 'failed'; why: string }

/** Plays a turn with processes that remember nothing. */
export async function playTurn(turn: Turn, stage: Stage): Promise<Played> {
  const { watch } = stage
  watch.begin()
  for (const name of turn.functions) stage.beginAnew(name)
  const begun = performance.now()
  let why: string | null = null
  try {
    await turn.play(stage)
  } catch (error) {
    why = error instanceof Error ? error.message : String(error)
  }
  const [said] = watch.errors().filter(({ message }) => !turn.tolerates?.includes(message))
  const sentence = said === undefined ? why : `the log says: ${[said.message, said.reason ?? []].flat().join(': ')}`
  return sentence === null ? { kind: 'passed', ms: performance.now() - begun } : { kind: 'failed', why: sentence }
}
