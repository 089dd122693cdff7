import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { tokenSecretName } from '../../../core/platform/names.ts'
import type { Scene } from '../support/stage.ts'

const DAY = 86_400_000

export const SECRETS: Readonly<Record<string, Scene>> = {
  /** The token is tested, and ClickUp refuses it. */
  async RotationFailed(stage) {
    stage.clickup.faults.deadToken = true
    const rotation = stage.stack.schedules.find(({ name }) => name.endsWith('/token'))
    if (rotation === undefined) throw new Error('The template does not rotate tokens')
    await rotation.fire()
  },

  async TokenOld(stage) {
    const { clients, configured } = stage.system
    const SecretId = tokenSecretName(configured.stage, stage.connection)
    const { SecretString } = await clients.secrets.send(new GetSecretValueCommand({ SecretId }))
    const put = (text: string | undefined) =>
      clients.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: text }))
    stage.after(() => put(SecretString))
    await put(JSON.stringify({ ...JSON.parse(SecretString ?? '{}'), since: Date.now() - 81 * DAY }))
    await stage.driver.guardOnce()
  },
}
