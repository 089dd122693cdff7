import { createRandom } from '../clickup/random.ts'
import type { Deployment } from '../stack/deployment.ts'
import { deployed, refusalOf } from './deployed.ts'
import { whyNotJudged } from './explained.ts'
import { type Grant, grantsOf, shortName, textOf } from './grants.ts'
import type { RightsOptions } from './options.ts'
import { playTurn } from './play-turn.ts'
import { findingsText, isFaultless, jsonLine, type Report, readable } from './report.ts'
import { type Stage, startStage } from './stage.ts'
import { createRoles, type Recorded, takeAway, usersOf } from './take-away.ts'
import type { Turn } from './turn.ts'
import { TURNS } from './turns/index.ts'

type Output = { write(text: string): unknown }

/** Runs the check to its end. @returns the exit status @throws StackError, ConnectError, GaveUp */
export async function runCheck(
  options: RightsOptions,
  { stdout, stderr }: { stdout: Output; stderr: Output },
): Promise<number> {
  const begun = performance.now()
  const seconds = () => Math.round((performance.now() - begun) / 1_000)
  const note = (line: string) => options.json || stderr.write(`${String(seconds()).padStart(4)} s  ${line}\n`)
  if (options.breaks !== null) note(`Broken on purpose: ${options.breaks}`)
  const stage = await startStage(options.seed, note)
  try {
    const deployment = await deployed(stage.system.assembly)
    const report = { ...(await checkRights({ stage, deployment }, options, note)), seconds: seconds() }
    if (options.json) stdout.write(`${jsonLine(report)}\n`)
    else stderr.write(`${[...findingsText(report), ...readable(report)].join('\n')}\n${jsonLine(report)}\n`)
    return isFaultless(report) ? 0 : 1
  } finally {
    await stage.close()
  }
}

/** Judges the grants of a stage that runs, and leaves it with all of them. */
export async function checkRights(
  { stage, deployment: whole }: { stage: Stage; deployment: Deployment },
  { seed, only, grant: wanted, some, breaks }: RightsOptions,
  note: (line: string) => unknown,
): Promise<Omit<Report, 'seconds'>> {
  const deployment = breaks === 'unused' ? withUnused(whole) : whole
  const all = grantsOf(deployment).filter(
    (grant) =>
      (only === null || only.split(',').includes(grant.who)) && (wanted === null || textOf(grant).includes(wanted)),
  )
  const judged = all.filter((grant) => whyNotJudged(textOf(grant)) === null)
  const ready = refusalOf(deployment)
  const wrong = ready === null ? [] : [`The stack does not start: ${ready}`]
  const isRefused = (grant: Grant) => refusalOf(grant.takenFrom(deployment)) !== null
  const refused = judged.filter(isRefused)
  const left = judged.filter((grant) => !refused.includes(grant))
  for (const grant of left)
    if (grant.kind === 'service') wrong.push(`${textOf(grant)}: the stack starts without it as well`)
  const mine = some === null ? left : createRandom(seed).fork('rights').shuffle(left).slice(0, some)

  const roles = createRoles(stage, deployment, { breaks })
  roles.giveAll()
  try {
    const needed = new Set(left.map(({ who }) => who))
    const recorded: Recorded[] = []
    for (const turn of TURNS.filter(({ functions }) => functions.some((name) => needed.has(name)))) {
      const one = await record(turn, stage)
      note(`${turn.name}${typeof one === 'string' ? `: ${one}` : ''}`)
      if (typeof one === 'string') wrong.push(`${turn.name}: fails with all rights: ${one}`)
      else recorded.push(one)
    }
    for (const grant of left.filter(({ kind }) => kind === 'role'))
      if (!mine.includes(grant) && usersOf(grant, recorded).length === 0)
        wrong.push(`${textOf(grant)}: no turn uses it`)
    let missed = 0
    for (const grant of mine.filter(({ kind }) => kind === 'role')) {
      const verdict = await takeAway(grant, recorded, { stage, roles })
      note(`${textOf(grant)}: ${verdict.kind === 'missed' ? `missed by ${verdict.by}` : verdict.why}`)
      if (verdict.kind === 'missed') missed += 1
      else wrong.push(`${textOf(grant)}: ${verdict.why}`)
    }
    const explained = all.length - judged.length
    return { seed, grants: all.length, missed, refused: refused.length, explained, turns: recorded.length, wrong }
  } finally {
    createRoles(stage, whole, { breaks: null }).giveAll()
  }
}

async function record(turn: Turn, stage: Stage): Promise<Recorded | string> {
  const played = await playTurn(turn, stage)
  const calls = new Map(
    turn.functions.map((name) => [name, [...stage.watch.allowedTo(stage.functionOf(name).accessKeyId)]] as const),
  )
  if (turn.upsets !== undefined || played.kind === 'failed') await stage.restore(turn.upsets ?? 'state')
  return played.kind === 'failed' ? played.why : { turn, ms: played.ms, calls }
}

/** A right that nobody needs. */
function withUnused(deployment: Deployment): Deployment {
  const consumer = deployment.functions.find(({ name }) => shortName(name) === 'consumer')
  const ledger = deployment.tables.find(({ path }) => path === 'Ledger')
  const added = { effect: 'Allow' as const, actions: ['dynamodb:Scan'], resources: [ledger?.arn ?? ''] }
  return {
    ...deployment,
    roles: deployment.roles.map((role) =>
      role.arn === consumer?.roleArn ? { ...role, statements: [...role.statements, added] } : role,
    ),
  }
}
