import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../core/platform/clock.ts'
import type { Arns } from '../arns.ts'
import type { JsonObject, ServiceHandler } from '../call.ts'
import { AwsError, jsonReply, parseInput } from '../json-protocol.ts'
import { describe, seconds, stagesOf, versionList } from './answers.ts'
import { schemas, tokenIn, valueIn } from './requests.ts'
import { createRotation, type Invoke } from './rotation.ts'
import { createSecretStore } from './store.ts'
import { CURRENT, findVersion, moveStage, putVersion } from './versions.ts'

const DAY_MS = 86_400_000

/**
 * Secrets Manager: secrets, their versions and staging labels, rotation by a function. No KMS, replicas or policies.
 * @param sleep how a rotation waits before it is tried again; by the machine's clock by default
 */
export function createSecretsManager(
  arns: Arns,
  clock: Clock,
  invoke: Invoke,
  retryRotationAfterMs?: readonly number[],
  sleep?: (ms: number) => Promise<unknown>,
) {
  const store = createSecretStore(arns, clock)
  const rotation = createRotation(clock, invoke, retryRotationAfterMs, sleep)

  const operations: Record<string, (body: JsonObject) => unknown> = {
    CreateSecret(body) {
      const request = parseInput(schemas.createSecret, body)
      const value = valueIn(request)
      const id = tokenIn(request)
      const retried = store.find(request.Name)?.versions.get(id)
      const secret = retried === undefined ? store.create(request.Name) : store.getLive(request.Name)
      secret.description = request.Description ?? secret.description
      for (const tag of request.Tags) secret.tags.set(tag.Key, tag.Value)
      if (value === null) return { ARN: secret.arn, Name: secret.name }
      putVersion(secret, { id, value, stages: [CURRENT], now: clock.now() })
      return { ARN: secret.arn, Name: secret.name, VersionId: id }
    },
    GetSecretValue(body) {
      const request = parseInput(schemas.getSecretValue, body)
      const secret = store.getLive(request.SecretId)
      const version = findVersion(secret, { id: request.VersionId, stage: request.VersionStage })
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: version.id,
        ...(version.value.kind === 'text'
          ? { SecretString: version.value.text }
          : { SecretBinary: version.value.base64 }),
        VersionStages: [...version.stages],
        CreatedDate: seconds(version.createdAt),
      }
    },
    PutSecretValue(body) {
      const request = parseInput(schemas.putSecretValue, body)
      const secret = store.getLive(request.SecretId)
      const value = valueIn(request)
      if (value === null) {
        const message = 'You must provide either SecretString or SecretBinary.'
        throw new AwsError('InvalidRequestException', message)
      }
      const stages = request.VersionStages ?? [CURRENT]
      const version = putVersion(secret, { id: tokenIn(request), value, stages, now: clock.now() })
      // A value that was changed by hand counts as a rotation.
      if (version.stages.has(CURRENT)) secret.rotation.countsFrom = clock.now()
      return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] }
    },
    DescribeSecret(body) {
      const secret = store.get(parseInput(schemas.secret, body).SecretId)
      return { ...describe(secret), VersionIdsToStages: stagesOf(secret) }
    },
    ListSecretVersionIds(body) {
      const request = parseInput(schemas.listSecretVersionIds, body)
      const secret = store.get(request.SecretId)
      return { ARN: secret.arn, Name: secret.name, Versions: versionList(secret, request.IncludeDeprecated) }
    },
    UpdateSecretVersionStage(body) {
      const request = parseInput(schemas.updateSecretVersionStage, body)
      const secret = store.getLive(request.SecretId)
      moveStage(secret, request.VersionStage, { from: request.RemoveFromVersionId, to: request.MoveToVersionId })
      secret.changedAt = clock.now()
      if (request.VersionStage === CURRENT) secret.rotation.countsFrom = clock.now()
      return { ARN: secret.arn, Name: secret.name }
    },
    ListSecrets(body) {
      const { Filters: filters } = parseInput(schemas.listSecrets, body)
      const isWanted = ({ name }: { name: string }) =>
        filters.every(({ Values }) => Values.some((prefix) => name.startsWith(prefix)))
      const live = store.all().filter((secret) => secret.deletionAt === null && isWanted(secret))
      return { SecretList: live.map((secret) => ({ ...describe(secret), SecretVersionsToStages: stagesOf(secret) })) }
    },
    TagResource(body) {
      const request = parseInput(schemas.tagResource, body)
      const secret = store.getLive(request.SecretId)
      for (const tag of request.Tags) secret.tags.set(tag.Key, tag.Value)
      return {}
    },
    UntagResource(body) {
      const request = parseInput(schemas.untagResource, body)
      const secret = store.getLive(request.SecretId)
      for (const key of request.TagKeys) secret.tags.delete(key)
      return {}
    },
    DeleteSecret(body) {
      const request = parseInput(schemas.deleteSecret, body)
      if (request.ForceDeleteWithoutRecovery && request.RecoveryWindowInDays !== undefined) {
        const message = "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays."
        throw new AwsError('InvalidParameterException', message)
      }
      const secret = store.get(request.SecretId)
      if (request.ForceDeleteWithoutRecovery) store.remove(secret)
      const window = request.ForceDeleteWithoutRecovery ? 0 : (request.RecoveryWindowInDays ?? 30)
      secret.deletionAt = clock.now() + window * DAY_MS
      return { ARN: secret.arn, Name: secret.name, DeletionDate: seconds(secret.deletionAt) }
    },
    RotateSecret(body) {
      const request = parseInput(schemas.rotateSecret, body)
      const secret = store.getLive(request.SecretId)
      const id = tokenIn(request)
      const { RotationLambdaARN: lambdaArn, RotationRules: rules, RotateImmediately: immediately } = request
      rotation.start(secret, id, { lambdaArn, rules, immediately })
      return { ARN: secret.arn, Name: secret.name, VersionId: id }
    },
    CancelRotateSecret(body) {
      const secret = store.getLive(parseInput(schemas.secret, body).SecretId)
      const version = rotation.cancel(secret)
      return { ARN: secret.arn, Name: secret.name, ...(version === null ? {} : { VersionId: version }) }
    },
  }

  /** The answer as it is before it goes over the wire. @throws AwsError */
  function serve(operation: string, body: JsonObject): unknown {
    const act = operations[operation]
    if (act === undefined) {
      throw new AwsError('UnknownOperationException', `${operation} is not supported by the local stack.`)
    }
    return act(body)
  }
  const handle: ServiceHandler = async ({ operation, body }) => jsonReply('secretsmanager', serve(operation, body))

  return {
    handle,
    serve,
    close: rotation.close,
    /** The ARN that IAM looks at, for a secret that does not exist too. */
    arnOf: (id: string) => store.find(id)?.arn ?? (id.startsWith('arn:') ? id : arns.secret(id)),
    /** @throws AwsError ResourceExistsException */
    createSecret(secret: { name: string; value?: string; rotationLambdaArn?: string }): { arn: string } {
      const created = store.create(secret.name)
      const { rotationLambdaArn: lambdaArn = null } = secret
      created.rotation = { ...created.rotation, lambdaArn, enabled: lambdaArn !== null }
      if (secret.value !== undefined) {
        const value = { kind: 'text' as const, text: secret.value }
        putVersion(created, { id: randomUUID(), value, stages: [CURRENT], now: clock.now() })
      }
      return { arn: created.arn }
    },
  }
}
