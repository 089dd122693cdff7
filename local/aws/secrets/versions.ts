import { AwsError } from '../json-protocol.ts'
import type { Secret, SecretValue, SecretVersion } from './store.ts'

export const CURRENT = 'AWSCURRENT'
const PREVIOUS = 'AWSPREVIOUS'
export const PENDING = 'AWSPENDING'

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MAX_STAGES = 20
const MAX_VERSIONS = 100

export function holderOf(secret: Secret, stage: string): SecretVersion | undefined {
  return [...secret.versions.values()].find(({ stages }) => stages.has(stage))
}

/**
 * Puts a staging label on a version and takes it off the one that had it, since a label is on one version at a time.
 * Whenever AWSCURRENT moves, AWSPREVIOUS goes to the version that it was taken from.
 */
export function attach(secret: Secret, version: SecretVersion, stage: string): void {
  const holder = holderOf(secret, stage)
  if (holder === version) return
  if (version.stages.size >= MAX_STAGES) {
    throw new AwsError('LimitExceededException', `A version can have at most ${MAX_STAGES} staging labels.`)
  }
  holder?.stages.delete(stage)
  version.stages.add(stage)
  if (stage === CURRENT && holder !== undefined) attach(secret, holder, PREVIOUS)
}

/** The oldest versions without a label make room, as the service removes them in the background. */
function removeDeprecated(secret: Secret): void {
  for (const version of secret.versions.values()) {
    if (secret.versions.size <= MAX_VERSIONS) return
    if (version.stages.size === 0) secret.versions.delete(version.id)
  }
}

const same = (a: SecretValue, b: SecretValue) => JSON.stringify(a) === JSON.stringify(b)

/**
 * Adds a version, or fills the one that a rotation made empty. The same value under the same id again does nothing.
 * @throws AwsError ResourceExistsException when the id has another value
 */
export function putVersion(
  secret: Secret,
  put: { id: string; value: SecretValue; stages: string[]; now: number },
): SecretVersion {
  const existing = secret.versions.get(put.id)
  if (existing?.value != null) {
    if (same(existing.value, put.value)) return existing
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${put.id} because that value is already in use for a version of secret ${secret.arn}.`,
    )
  }
  // The first version of a secret is its current one, whatever labels it was given.
  const isFirst = secret.versions.size === 0
  const version: SecretVersion = existing ?? { id: put.id, createdAt: put.now, value: null, stages: new Set() }
  version.value = put.value
  secret.versions.set(version.id, version)
  for (const stage of isFirst ? new Set([CURRENT, ...put.stages]) : put.stages) attach(secret, version, stage)
  secret.changedAt = put.now
  removeDeprecated(secret)
  return version
}

/**
 * The version that a request means: by id, by label, AWSCURRENT by default.
 * @throws AwsError ResourceNotFoundException, or InvalidRequestException when id and label name two versions
 */
export function findVersion(
  secret: Secret,
  { id, stage }: { id?: string | undefined; stage?: string | undefined },
): SecretVersion & { value: SecretValue } {
  const version = id === undefined ? holderOf(secret, stage ?? CURRENT) : secret.versions.get(id)
  const { value = null } = version ?? {}
  if (version === undefined || value === null) {
    const what = id === undefined ? `staging label: ${stage ?? CURRENT}` : `VersionId: ${id}`
    throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${what}`)
  }
  if (id !== undefined && stage !== undefined && !version.stages.has(stage)) {
    const message = 'You provided a VersionStage that is not associated to the provided VersionId.'
    throw new AwsError('InvalidRequestException', message)
  }
  return { ...version, value }
}

/**
 * UpdateSecretVersionStage: moves, adds or removes a label.
 * @throws AwsError InvalidParameterException when the label is elsewhere than the request says, or AWSCURRENT would vanish
 */
export function moveStage(
  secret: Secret,
  stage: string,
  { from, to }: { from?: string | undefined; to?: string | undefined },
): void {
  const target = to === undefined ? undefined : secret.versions.get(to)
  if (to !== undefined && target === undefined) {
    throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret version: ${to}`)
  }
  const holder = holderOf(secret, stage)
  if (from !== undefined && holder?.id !== from) {
    const message = `The staging label ${stage} isn't attached to version ${from}, named in RemoveFromVersionId.`
    throw new AwsError('InvalidParameterException', message)
  }
  if (target !== undefined && holder !== undefined && holder !== target && from === undefined) {
    throw new AwsError(
      'InvalidParameterException',
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    )
  }
  if (target !== undefined) {
    attach(secret, target, stage)
    return
  }
  if (stage === CURRENT) {
    const message = `You can only move staging label ${CURRENT} to a different secret version. It can't be completely removed.`
    throw new AwsError('InvalidParameterException', message)
  }
  holder?.stages.delete(stage)
}
