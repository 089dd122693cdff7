import { setTimeout } from 'node:timers/promises'
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import type { VersionedSecret } from './store.ts'

export const CURRENT = 'AWSCURRENT'
export const PENDING = 'AWSPENDING'

/** A secret's versions and labels, as far as rotations and operators have to do with them. */
export type Versions = {
  /** Labels by version id; versions without any are not in it. */
  describe(): Promise<{ rotates: boolean; labels: ReadonlyMap<string, readonly string[]> }>
  /** The text of a version, null when there is none or nothing in it. */
  read(version: string): Promise<{ text: string; createdAt: number | null } | null>
  /**
   * Fills the version of a rotation and labels it AWSPENDING. The same text again does nothing.
   * @throws ResourceExistsException for another text
   */
  putPending(version: string, text: string): Promise<void>
  /** Puts a new version with these labels; its id. */
  put(text: string, labels: readonly string[]): Promise<string>
  /**
   * Puts AWSCURRENT on a version; Secrets Manager puts AWSPREVIOUS on the one that had it. It is read as the current one by then.
   * Done twice it does nothing more.
   * @throws Error when it still is not after a second: done again it looks again
   */
  promote(version: string): Promise<void>
  /** Takes a label off a version. Done twice it does nothing more. */
  detach(label: string, version: string): Promise<void>
}

export const holderOf = (labels: ReadonlyMap<string, readonly string[]>, label: string): string | undefined =>
  [...labels].find(([, each]) => each.includes(label))?.[0]

/**
 * Whether a version that waits holds what is in force, to the letter: so it is when Secrets Manager only tries whether the function
 * can be called, as it does whenever a schedule is made or changed. No rotation of ours fills a version so. Told of AWS by
 * https://github.com/getmoto/moto/pull/8547
 */
export async function isOnlyTried(version: string, versions: Pick<Versions, 'describe' | 'read'>): Promise<boolean> {
  const current = holderOf((await versions.describe()).labels, CURRENT)
  if (current === undefined || current === version) return false
  const [waiting, held] = [await versions.read(version), await versions.read(current)]
  return waiting !== null && waiting.text === held?.text
}

const READS_BACK = 5
const PAUSE_MS = 250

/** @param name of the secret, or its ARN */
export function createVersions(
  client: SecretsManagerClient,
  name: string,
  sleep: (ms: number) => Promise<unknown> = setTimeout,
): Versions {
  async function describe() {
    const { RotationEnabled, VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: name }))
    return { rotates: RotationEnabled === true, labels: new Map(Object.entries(VersionIdsToStages ?? {})) }
  }
  return {
    describe,
    async read(version) {
      try {
        const found = await client.send(new GetSecretValueCommand({ SecretId: name, VersionId: version }))
        const { SecretString: text, CreatedDate } = found
        return text === undefined ? null : { text, createdAt: CreatedDate?.getTime() ?? null }
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return null
        throw error
      }
    },
    async putPending(version, text) {
      await client.send(
        new PutSecretValueCommand({
          ...{ SecretId: name, ClientRequestToken: version, SecretString: text, VersionStages: [PENDING] },
        }),
      )
    },
    async put(text, labels) {
      const put = await client.send(
        new PutSecretValueCommand({ SecretId: name, SecretString: text, VersionStages: [...labels] }),
      )
      if (put.VersionId === undefined) throw new Error(`Secrets Manager told no version of ${name}`)
      return put.VersionId
    },
    async promote(version) {
      const current = holderOf((await describe()).labels, CURRENT)
      if (current !== version)
        await client.send(
          new UpdateSecretVersionStageCommand({
            ...{ SecretId: name, VersionStage: CURRENT, MoveToVersionId: version },
            ...(current === undefined ? {} : { RemoveFromVersionId: current }),
          }),
        )
      // Reads follow writes after a moment only, and whoever comes next acts upon what is read.
      const isRead = async () =>
        (await client.send(new GetSecretValueCommand({ SecretId: name }))).VersionId === version
      for (let tries = 1; !(await isRead()); tries += 1) {
        if (tries === READS_BACK) throw new Error(`The secret ${name} does not show its new version yet`)
        await sleep(PAUSE_MS)
      }
    },
    async detach(label, version) {
      if (holderOf((await describe()).labels, label) !== version) return
      await client.send(
        new UpdateSecretVersionStageCommand({ SecretId: name, VersionStage: label, RemoveFromVersionId: version }),
      )
    },
  }
}

/**
 * Stores a text as the one in force in the place of another. AWSPENDING goes along where that one has it, as a rotation that has
 * ended leaves it: left behind on another version than AWSCURRENT, it is taken for a rotation that goes on, and every later one is
 * refused. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
 */
export async function replaceCurrent(
  client: SecretsManagerClient,
  name: string,
  text: string,
  { labels }: Pick<VersionedSecret, 'labels'>,
): Promise<void> {
  const stages = labels.includes(PENDING) ? [CURRENT, PENDING] : [CURRENT]
  await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: text, VersionStages: stages }))
}
