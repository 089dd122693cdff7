import * as z from 'zod'
import type { AliasRecord, Deployment } from '../deployment.ts'
import { StackError, templateError } from '../errors.ts'
import { allows } from '../iam/policy.ts'
import type { FunctionDefinition } from '../lambda/definition.ts'
import type { RunningFunction } from './functions.ts'
import { functionAt, roleAt } from './look-up.ts'

/** An alias that CodeDeploy moves. */
export type RunningRelease = {
  /** Of the alias's construct, inside the stack. */
  path: string
  /** Asks the hook as a deployment does, and what it reports. */
  check(): Promise<'Succeeded' | 'Failed'>
}

/**
 * The releases of a deployment: who moves which alias, and whom it asks before.
 * @throws StackError where CodeDeploy's role may not do its part
 */
export function releasesOf(deployment: Deployment, functions: RunningFunction[]): RunningRelease[] {
  return deployment.aliases.flatMap(({ where, path, functionName, name, shift }) => {
    if (shift === undefined) return []
    const shifted = functionAt(deployment, functionName, where)
    const hook = shift.hookName === undefined ? undefined : functionAt(deployment, shift.hookName, where)
    checkGroup(deployment, { where, shift, alias: name, shifted, hook })
    const running = functions.find(({ arn }) => arn === hook?.arn)
    const asked = functions.find(({ arn }) => arn === shifted.arn)
    const { application, group } = shift
    const check = async () => {
      if (running === undefined) return 'Succeeded' as const
      const deployed = deployment.gateway.deployments.begin({ application, group })
      const { deploymentId: DeploymentId, hookExecutionId: LifecycleEventHookExecutionId } = deployed
      // A new version runs in processes of its own. It starts beside the hook, which saves half the time.
      renew(asked)
      asked?.warm()
      await running.invoke({ DeploymentId, LifecycleEventHookExecutionId })
      // A verifier that was asked about a forged delivery reads no secret again for half a minute, and here a webhook is connected
      // within seconds.
      renew(asked)
      // CodeDeploy gives a hook an hour to report; one that has ended will not.
      return deployed.status === 'Succeeded' ? ('Succeeded' as const) : ('Failed' as const)
    }
    return [{ path, check }]
  })
}

/** Ends the processes of a function, those at work when they have answered. */
function renew(one: RunningFunction | undefined): void {
  for (const { pid } of one?.processes() ?? []) one?.recycle(pid)
}

function checkGroup(
  deployment: Deployment,
  what: {
    where: string
    shift: NonNullable<AliasRecord['shift']>
    alias: string
    shifted: FunctionDefinition
    hook: FunctionDefinition | undefined
  },
): void {
  const { where, shift, alias, shifted, hook } = what
  const group = deployment.deploymentGroups.find(
    ({ application, name }) => application === shift.application && name === shift.group,
  )
  if (!group)
    throw templateError(where, `the deployment group ${shift.application}/${shift.group} is not in the template`)
  const { name, statements } = roleAt(deployment, group.roleArn, where)
  const needed: [action: string, resource: string][] = [
    ['lambda:GetAlias', `${shifted.arn}:${alias}`],
    ['lambda:UpdateAlias', `${shifted.arn}:${alias}`],
    ...(hook ? [['lambda:InvokeFunction', hook.arn] satisfies [string, string]] : []),
  ]
  for (const [action, resource] of needed) {
    if (!allows(statements, action, resource))
      throw templateError(where, `CodeDeploy's role ${name} does not allow ${action} on ${resource}`)
  }
}

const lineSchema = z.looseObject({ reasons: z.array(z.string()) })

type OnLog = (functionName: string, line: string) => void

/** Hears what functions write while releases are checked, because that is where a check tells its reasons. */
export function listenTo(onLog: OnLog): { onLog: OnLog; lines(): readonly string[]; stop(): void } {
  let lines: string[] | null = []
  return {
    onLog: (name, line) => {
      lines?.push(line)
      onLog(name, line)
    },
    lines: () => lines ?? [],
    stop: () => {
      lines = null
    },
  }
}

/**
 * Checks every release, as CodeDeploy does before a new version gets traffic. The first, too, which CodeDeploy does not: here
 * every start is one.
 * @throws StackError `release` with the reasons that the check has given
 */
export async function checkReleases(
  releases: readonly RunningRelease[],
  heard: Pick<ReturnType<typeof listenTo>, 'lines' | 'stop'>,
): Promise<void> {
  for (const { path, check } of releases) {
    if ((await check()) === 'Succeeded') continue
    const reasons = heard.lines().flatMap(reasonsIn)
    const why = reasons.length > 0 ? reasons.join('; ') : 'its check did not say that it is in order'
    throw new StackError('release', `${path} does not go live: ${why}`)
  }
  heard.stop()
}

function reasonsIn(line: string): string[] {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data?.reasons ?? []
  } catch {
    return []
  }
}
