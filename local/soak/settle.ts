import { seesList } from '../check/compare.ts'
import { fateOf } from '../clickup/truth.ts'
import { renewToken } from './acts/clickup.ts'
import { job } from './acts/operator.ts'
import { bulk } from './acts/people.ts'
import { OPERATOR } from './judge-calls.ts'
import { type Scene, usual } from './scene.ts'

const MINUTE = 60_000
/** Deferrals come back after a quarter of an hour at the latest, and ClickUp tries a delivery for less than that. */
const REST_WITHIN_MS = 4 * 60 * MINUTE
const LOOK_EVERY_MS = MINUTE
/** A sweep leaves to deliveries what is younger. */
const OLD_ENOUGH_MS = 12 * MINUTE

/**
 * Restores everything, lets what is under way come to rest, and has the guard, sweeps and a census repair what was lost.
 * @returns what did not come to rest, a line each
 */
export async function settle(scene: Scene): Promise<string[]> {
  const { machine } = scene
  const { clickup } = machine
  const restless: string[] = []
  Object.assign(clickup.faults, { ...usual(), duplicates: 0, silentWebhooks: clickup.faults.silentWebhooks })
  await scene.pass(31 * MINUTE)
  if (!(await isTokenGood(scene))) renewToken(scene)

  async function rest(after: string): Promise<void> {
    const until = machine.time.now() + REST_WITHIN_MS
    do {
      await scene.pass(LOOK_EVERY_MS)
      if (openIn(scene).length === 0) return
    } while (machine.time.now() < until)
    restless.push(`does not come to rest ${after}: ${openIn(scene).join(', ')}`)
  }
  async function does(name: 'guard' | 'sweep' | 'census'): Promise<void> {
    job(scene, { kind: 'job', job: name })
    await rest(`after the ${name}`)
  }

  // Of what our token does not see no webhook of ours tells.
  const isSeen = (listId: string) => seesList(clickup, Number(clickup.userId), listId)
  await rest('when all is restored')
  await does('guard')
  await scene.pass(OLD_ENOUGH_MS)
  // Of what a silent webhook has not told sweeps know that it is one, and the guard replaces it. Where nothing happens nobody can.
  for (let sweeps = 0; sweeps < 2; sweeps += 1) {
    await bulk(scene, { kind: 'bulk', seed: sweeps, count: 3 }, isSeen)
    await scene.pass(OLD_ENOUGH_MS)
    await does('sweep')
  }
  await does('guard')
  await does('census')
  await scene.pass(OLD_ENOUGH_MS)
  await does('sweep')
  const heard = machine.clickup.log.changes().length
  await bulk(scene, { kind: 'bulk', seed: 2, count: 3 }, isSeen)
  await scene.pass(OLD_ENOUGH_MS)
  await does('sweep')
  const unheard = machine.clickup.log
    .changes()
    .slice(heard)
    .filter((change) => fateOf(change) !== 'delivered')
  if (unheard.length > 0) restless.push(`${unheard.length} changes were not delivered when all was mended`)
  return restless
}

/** What somebody still works on, or is to. */
function openIn({ machine }: Scene): string[] {
  const { clickup, queue, sync, guard, rotations } = machine
  const open = {
    'deliveries of ClickUp': clickup.undelivered(),
    'messages in the queue': queue.open(),
    jobs: sync.open(),
    'jobs of the guard': guard.open(),
    'steps of rotations': rotations.signing.running() + rotations.token.running(),
  }
  return Object.entries(open).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []))
}

async function isTokenGood({ machine }: Scene): Promise<boolean> {
  const { clickup, time } = machine
  let status = 0
  const headers = { authorization: machine.token() ?? '' }
  void clickup
    .fetchAs(OPERATOR)(`${clickup.url}/v2/user`, { headers })
    .then((answer) => {
      status = answer.status
    })
  await time.run({ done: () => status !== 0 })
  return status === 200
}
