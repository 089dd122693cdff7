import { type ClickUp, segment } from '../../clickup/client.ts'
import { observationOf, taskAnswerSchema } from '../../clickup/task.ts'
import type { Connection } from '../../platform/connections.ts'
import type { Observation } from '../../tasks/snapshot.ts'
import type { Fault } from '../../upstream/fault.ts'

export type TaskRead =
  | { kind: 'observed'; observation: Observation }
  | { kind: 'fault'; fault: Exclude<Fault, { kind: 'gone' | 'noAccess' }> }

/** Reads one task. That there is none, or none for us to see, is an observation like any other. */
export async function readTask(
  clickup: Pick<ClickUp, 'get'>,
  id: string,
  { connection, now }: { connection: Connection; now: number },
): Promise<TaskRead> {
  const answer = await clickup.get(`/task/${segment(id)}`, taskAnswerSchema)
  switch (answer.kind) {
    case 'ok':
      // Asked by one id, answered with another (custom task ids do that): it is the asked one that we keep.
      return {
        kind: 'observed',
        observation: { ...observationOf(answer.value, answer.observedAt, connection.storeEmails), id },
      }
    case 'gone':
      return { kind: 'observed', observation: { kind: 'missing', id, state: 'deleted', observedAt: now } }
    case 'noAccess':
      return { kind: 'observed', observation: { kind: 'missing', id, state: 'outOfSight', observedAt: now } }
    default:
      return { kind: 'fault', fault: answer }
  }
}
