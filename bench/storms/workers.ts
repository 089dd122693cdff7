import * as z from 'zod'
import type { ClickUp } from '../../core/clickup/client.ts'
import type { Run } from '../../local/virtual/run.ts'

const POLITE_MS = 500
const anything = z.looseObject({})

/**
 * Workers, each a container of its own, that always have more to read than the budget allows: they reserve, read, and wait
 * until they are told that there is more. The consumer's own work would not do, because it reads pages of a hundred.
 * @param calls what each reserves at a time
 */
export function startWorkers(run: Run, workers: { count: number; calls: number }, until: () => boolean): void {
  const { time, random } = run

  async function work(clickup: ClickUp): Promise<void> {
    // Workers do not begin at the same millisecond, nor do they wake at it.
    await time.sleep(random.int(0, POLITE_MS))
    while (!until()) {
      const passage = await clickup.reserve(workers.calls)
      if (passage.kind === 'free') await readSome(clickup, passage.calls)
      else await time.sleep(Math.max(0, passage.until - time.now()) + random.int(0, POLITE_MS))
    }
  }

  async function readSome(clickup: ClickUp, calls: number): Promise<void> {
    for (let call = 0; call < calls; call++) {
      const id = random.pick(run.clickup.taskIds)
      const answer = await clickup.get(`/task/${id}`, anything)
      if (answer.kind === 'rateLimited') return time.sleep(Math.max(0, answer.until - time.now()))
    }
  }

  for (let worker = 0; worker < workers.count; worker++) void work(run.client())
}
