import { systemClock } from '../../core/platform/clock.ts'
import { startAwsGateway } from '../aws/gateway.ts'
import type { Assembly } from '../stack/assembly.ts'
import { deploy } from '../stack/deploy.ts'
import { type Deployment, emptyDeployment } from '../stack/deployment.ts'
import { StackError } from '../stack/errors.ts'
import { RESOURCE_KINDS } from '../stack/resources/registry.ts'
import { checkAlarm } from '../stack/wiring/check-alarm.ts'
import { checkEventSource, checkPermission, checkTarget } from '../stack/wiring/checks.ts'
import { frontTable } from '../stack/wiring/front.ts'
import { functionAt } from '../stack/wiring/look-up.ts'
import { releasesOf } from '../stack/wiring/releases.ts'

/** Nobody listens there: nothing of this deployment is ever called. */
const NOWHERE = 'http://127.0.0.1:9'

/** The template as deployed, with nothing running: what its roles and policies come to. */
export async function deployed(assembly: Assembly): Promise<Deployment> {
  const gateway = await startAwsGateway()
  try {
    const deployment = emptyDeployment(gateway, NOWHERE)
    await deploy(assembly, deployment, RESOURCE_KINDS)
    return deployment
  } finally {
    await gateway.close()
  }
}

/** What the local stack refuses to start with, in a sentence; null when it would start. */
export function refusalOf(deployment: Deployment): string | null {
  try {
    for (const source of deployment.eventSources) checkEventSource(deployment, source)
    for (const trigger of deployment.triggers)
      for (const target of trigger.targets) checkTarget(deployment, trigger, target)
    for (const { where, secret, functionArn } of deployment.rotations) {
      const definition = functionAt(deployment, functionArn, where)
      const { arn: sourceArn } = secret
      checkPermission(deployment, { definition, principal: 'secretsmanager.amazonaws.com', sourceArn, where })
    }
    for (const alarm of deployment.alarms) checkAlarm(deployment, alarm)
    frontTable(deployment, [], systemClock)
    releasesOf(deployment, [])
    return null
  } catch (error) {
    if (!(error instanceof StackError)) throw error
    return error.message
  }
}
