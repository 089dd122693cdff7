import type { Seen } from '../../local/faults/calls.ts'
import { play, UNDISTURBED } from '../../local/faults/matrix.ts'
import type { Share } from '../../local/faults/share.ts'
import { SUBJECTS } from '../../local/faults/subjects/index.ts'

/** All that there is to be played of a subject. */
export const WHOLE: Share = {
  ...{ subject: '', seed: 1, breaks: null, faults: [], at: null, every: 1, random: 0, part: 0, parts: 1 },
}

/** The place of a call among those of a subject that is broken, if it is, and not disturbed. */
export async function pointOf(
  name: string,
  breaks: string | null,
  find: (calls: readonly Seen[]) => number,
): Promise<number> {
  const subject = SUBJECTS.find((each) => each.name === name)
  if (subject === undefined) throw new Error(`There is no subject ${name}.`)
  const { calls } = await play(
    { subject, seed: WHOLE.seed, broken: breaks === null ? undefined : subject.breaks[breaks] },
    UNDISTURBED,
  )
  return find(calls)
}
