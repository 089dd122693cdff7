import { fail, pass, type Said, skip, warn } from '../finding.ts'
import type { DoctorServices } from '../services.ts'

/** Whether anything is done at all. */
export function paused({ status: { pause } }: DoctorServices): Said {
  if (pause === null || pause.since === null) return pass('Hookline is not paused.')
  const why = pause.reason === null ? '' : `: ${pause.reason}`
  return warn(
    `Hookline is paused since ${new Date(pause.since).toISOString()} by ${pause.by}${why}.`,
    'What comes in waits. Go on with npx hookline resume.',
  )
}

/** Whether what is deployed is what this program is of. */
export function version({ version: { own, deployed } }: DoctorServices): Said {
  if (deployed === null) return skip('The deployment does not say which version it is.')
  if (deployed === own) return pass(`${own} is deployed.`)
  return warn(
    `${deployed} is deployed, and this is ${own}.`,
    'Deploy this version with npm run deploy, or look with the other one.',
  )
}

/** Functions that send messages to themselves. */
const LOOPING = ['consumer', 'sync', 'guard'] as const

/** Whether Lambda would end deferrals after some hops. */
export async function recursion({ stage, aws, summaries }: DoctorServices): Promise<Said> {
  const looping = summaries?.isDeployed === true ? [...LOOPING, 'standup'] : LOOPING
  const names = looping.map((name) => `hookline-${stage}-${name}`)
  const told = await Promise.all(names.map(async (name) => ({ name, loop: await aws.recursion(name) })))
  const ended = told.filter(({ loop }) => loop === 'terminate').map(({ name }) => name)
  if (ended.length === 0) return pass('Deferred work may come back as often as it must.')
  return fail(
    `Lambda ends messages of ${ended.join(', ')} after about 16 rounds: work that waits for ClickUp would be lost.`,
    'Deploy again, or: aws lambda put-function-recursion-config --recursive-loop Allow --function-name NAME',
  )
}
