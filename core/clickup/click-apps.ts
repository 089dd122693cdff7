import * as z from 'zod'
import type { Answer } from '../upstream/fault.ts'
import { type ClickUp, segment } from './client.ts'
import { idSchema, nameText } from './scalars.ts'
import { timeInStatus } from './time-in-status.ts'

/** A space as far as the doctor asks: whether time can be tracked in it; null where ClickUp does not say. */
type SeenSpace = { id: string; name: string; timeTracking: boolean | null }

/** What a workspace has switched on of that what Hookline reads. */
export type ClickApps = {
  /** The spaces that the token sees. */
  spaces: readonly SeenSpace[]
  /** Whether "Total time in Status" is on; null where there is no task to ask about, or no answer. */
  timeInStatus: boolean | null
}

const spacesAnswer = z.looseObject({
  spaces: z.array(
    z.looseObject({
      id: idSchema,
      name: nameText,
      features: z
        .looseObject({ time_tracking: z.looseObject({ enabled: z.boolean() }) })
        .nullish()
        .catch(null),
    }),
  ),
})

const tasksAnswer = z.looseObject({ tasks: z.array(z.looseObject({ id: idSchema })) })

/** Three calls. A task is asked for its time in status, because no answer but that one tells of the ClickApp. */
export async function readClickApps(clickup: Pick<ClickUp, 'get'>, workspaceId: string): Promise<Answer<ClickApps>> {
  const path = `/team/${segment(workspaceId)}`
  const seen = await clickup.get(`${path}/space?archived=false`, spacesAnswer)
  if (seen.kind !== 'ok') return seen
  const spaces = seen.value.spaces.map(({ id, name, features }) => ({
    ...{ id, name },
    timeTracking: features?.time_tracking.enabled ?? null,
  }))
  const tasks = await clickup.get(`${path}/task?page=0`, tasksAnswer)
  const [task] = tasks.kind === 'ok' ? tasks.value.tasks : []
  const times = task === undefined ? null : await timeInStatus(clickup, [task.id])
  const told = times?.kind === 'ok' ? true : times?.kind === 'absent' ? false : null
  return { ...seen, value: { spaces, timeInStatus: told } }
}
