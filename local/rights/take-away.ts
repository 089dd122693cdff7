import type { Statement } from '../aws/gateway.ts'
import { compilePolicy } from '../aws/policy.ts'
import type { Deployment } from '../stack/deployment.ts'
import { type Grant, shortName, without } from './grants.ts'
import type { Break } from './options.ts'
import { playTurn } from './play-turn.ts'
import type { Stage } from './stage.ts'
import type { Turn } from './turn.ts'

/** A turn that passed with all rights, how long it took, and what each function called. */
export type Recorded = {
  turn: Turn
  ms: number
  calls: ReadonlyMap<string, readonly { action: string; resource: string }[]>
}

/** `missed`: the turn failed without it, as it should. Everything else is a finding. */
export type Verdict = { kind: 'missed'; by: string } | { kind: 'wrong'; why: string }

/** What the functions may do, set and set back. */
export function createRoles(stage: Stage, deployment: Deployment, { breaks }: { breaks: Break | null }) {
  const { gateway } = stage.system
  const judged = breaks !== 'allow-all'
  const statementsOf = (name: string): Statement[] => {
    const definition = deployment.functions.find((each) => shortName(each.name) === name)
    return deployment.roles.find(({ arn }) => arn === definition?.roleArn)?.statements ?? []
  }
  const admit = (name: string, statements: Statement[] | 'all', reduced: boolean) => {
    const { accessKeyId, name: whole } = stage.functionOf(name)
    gateway.admit({ accessKeyId, name: whole, statements, reduced })
  }
  return {
    take({ who, action, resource }: Grant): void {
      const left = without(statementsOf(who), (a, r) => a === action && r === resource)
      admit(who, judged ? left : 'all', true)
    },
    give(who: string): void {
      admit(who, judged ? statementsOf(who) : 'all', breaks !== null)
    },
    giveAll(): void {
      for (const { name } of deployment.functions) this.give(shortName(name))
    },
  }
}
export type Roles = ReturnType<typeof createRoles>

const covers = ({ action, resource }: Grant) => {
  const policy = compilePolicy([{ effect: 'Allow', actions: [action], resources: [resource] }])
  return (call: { action: string; resource: string }) => policy(call.action, [call.resource]).kind === 'allowed'
}

/** The turns that use a grant, the quickest first. */
export function usersOf(grant: Grant, recorded: readonly Recorded[]): Recorded[] {
  const isIts = covers(grant)
  return recorded.filter(({ calls }) => calls.get(grant.who)?.some(isIts)).sort((one, other) => one.ms - other.ms)
}

/** Plays, without a grant, what has used it; then with it again. The quickest turn first. */
export async function takeAway(
  grant: Grant,
  recorded: readonly Recorded[],
  { stage, roles }: { stage: Stage; roles: Roles },
): Promise<Verdict> {
  const isIts = covers(grant)
  const users = usersOf(grant, recorded)
  if (users.length === 0) return { kind: 'wrong', why: 'no turn uses it' }
  const { accessKeyId } = stage.functionOf(grant.who)
  const wereRefused: string[] = []
  for (const { turn } of users) {
    roles.take(grant)
    const without = await playTurn(turn, stage)
    const wasRefused = stage.watch.refusedTo(accessKeyId).some((call) => isIts(call))
    roles.give(grant.who)
    await stage.restore(turn.upsets ?? 'state')
    // What a turn calls depends on what stands there by then: another one may have to show it.
    if (!wasRefused) continue
    wereRefused.push(turn.name)
    if (without.kind === 'passed') continue
    const again = await playTurn(turn, stage)
    if (turn.upsets !== undefined) await stage.restore(turn.upsets)
    if (again.kind === 'failed')
      return { kind: 'wrong', why: `given back, the turn still fails: ${turn.name}: ${again.why}` }
    return { kind: 'missed', by: `${turn.name}: ${without.why}` }
  }
  return wereRefused.length > 0
    ? { kind: 'wrong', why: `nobody notices that it is missing: ${wereRefused.join('; ')}` }
    : { kind: 'wrong', why: `nothing was refused in ${users.map(({ turn }) => turn.name).join('; ')}` }
}
