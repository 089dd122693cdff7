import { randomBytes, randomUUID } from 'node:crypto'

/** What a hook says of a deployment; `Pending` until it has said something. */
type HookStatus = 'Pending' | 'Succeeded' | 'Failed'

export type HookDeployment = {
  /** As CodeDeploy shapes them: `d-` and nine letters or digits. */
  deploymentId: string
  hookExecutionId: string
  application: string
  group: string
  status: HookStatus
}

/** Deployments whose hook has been asked, or is about to be. Nothing is shifted here: there is one version of each function. */
export function createDeployments() {
  const deployments = new Map<string, HookDeployment>()
  return {
    begin({ application, group }: { application: string; group: string }): HookDeployment {
      const deploymentId = `d-${randomBytes(7).toString('hex').slice(0, 9).toUpperCase()}`
      const hookExecutionId = Buffer.from(randomUUID()).toString('base64')
      const deployment: HookDeployment = { deploymentId, hookExecutionId, application, group, status: 'Pending' }
      deployments.set(deploymentId, deployment)
      return deployment
    },
    find: (deploymentId: string) => deployments.get(deploymentId),
  }
}
export type Deployments = ReturnType<typeof createDeployments>
