import type { JsonObject } from '../call.ts'
import { nextRotationAt } from './rotation-rules.ts'
import type { Secret } from './store.ts'

/** Dates are seconds since 1970 in the JSON protocol. */
export const seconds = (ms: number) => ms / 1000

/** What DescribeSecret and ListSecrets have in common. */
export function describe(secret: Secret): JsonObject {
  const { rotation } = secret
  const nextAt = nextRotationAt(rotation)
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description === null ? {} : { Description: secret.description }),
    RotationEnabled: rotation.enabled,
    ...(rotation.lambdaArn === null ? {} : { RotationLambdaARN: rotation.lambdaArn }),
    ...(rotation.rules === null ? {} : { RotationRules: rotation.rules }),
    ...(rotation.lastAt === null ? {} : { LastRotatedDate: seconds(rotation.lastAt) }),
    ...(nextAt === null ? {} : { NextRotationDate: seconds(nextAt) }),
    ...(secret.deletionAt === null ? {} : { DeletedDate: seconds(secret.deletionAt) }),
    Tags: [...secret.tags].map(([Key, Value]) => ({ Key, Value })),
    CreatedDate: seconds(secret.createdAt),
    LastChangedDate: seconds(secret.changedAt),
  }
}

/** Only versions with a label: one without is deprecated. */
export function stagesOf(secret: Secret): Record<string, string[]> {
  const labelled = [...secret.versions.values()].filter(({ stages }) => stages.size > 0)
  return Object.fromEntries(labelled.map(({ id, stages }) => [id, [...stages]]))
}

export function versionList(secret: Secret, includeDeprecated: boolean): JsonObject[] {
  return [...secret.versions.values()]
    .filter(({ stages }) => includeDeprecated || stages.size > 0)
    .map(({ id, stages, createdAt }) => ({
      VersionId: id,
      ...(stages.size > 0 ? { VersionStages: [...stages] } : {}),
      CreatedDate: seconds(createdAt),
    }))
}
