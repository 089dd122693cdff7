import type { ClickUp } from '../clickup/client.ts'
import type { Answer } from '../upstream/fault.ts'

/**
 * The stage is paused, and the step is to be taken again after that. Thrown, because as an outcome it would end the rotation: what
 * it has made would be given up, and somebody be told of a failure.
 */
export class StagePaused extends Error {
  override readonly name = 'StagePaused'
  constructor() {
    super('Hookline is paused: the step is to be taken again after npx hookline resume.')
  }
}

/** The same client; where it does not ask because of a pause, it throws `StagePaused`. */
export const orPaused = (clickup: ClickUp): ClickUp => ({
  ...clickup,
  get: async (path, schema) => answered(await clickup.get(path, schema)),
  send: async (method, path, body, schema) => answered(await clickup.send(method, path, body, schema)),
})

function answered<Value>(answer: Answer<Value>): Answer<Value> {
  if (answer.kind === 'paused') throw new StagePaused()
  return answer
}
