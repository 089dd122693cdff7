import { dataStackName, serviceStackName } from '../core/platform/names.ts'
import type { Place } from './clients.ts'
import { Failure } from './failure.ts'

/** The tables of a deployed stage. CloudFormation makes up their names, so its outputs are asked. */
export async function findTables(place: Place, stage: string) {
  const { output } = await outputsOf(place, stage, dataStackName(stage))
  return { ledger: output('LedgerTable'), tasks: output('TasksTable'), state: output('StateTable') }
}

/** What making a connection takes of a deployed stage. */
export async function findHome(place: Place, stage: string) {
  const data = await outputsOf(place, stage, dataStackName(stage))
  const service = await outputsOf(place, stage, serviceStackName(stage))
  return { apiUrl: data.output('ApiUrl'), jobs: service.output('JobsQueueUrl'), version: service.find('Version') }
}

/** The URLs of a deployed stage's queues. */
export async function findQueues(place: Place, stage: string) {
  const { output, find } = await outputsOf(place, stage, serviceStackName(stage))
  return {
    deliveries: output('DeliveriesQueueUrl'),
    quarantine: output('QuarantineQueueUrl'),
    jobs: find('JobsQueueUrl'),
    guard: find('GuardQueueUrl'),
    standup: find('StandupQueueUrl'),
  }
}

/** The name of a deployed stage's event bus. */
export async function findBus(place: Place, stage: string): Promise<string> {
  const { output } = await outputsOf(place, stage, serviceStackName(stage))
  return output('EventBusName')
}

/** The bucket of a deployed stage's raw deliveries; null where none are kept. */
export async function findArchive(place: Place, stage: string): Promise<string | null> {
  const { find } = await outputsOf(place, stage, dataStackName(stage))
  return find('ArchiveBucket') ?? null
}

async function outputsOf(place: Place, stage: string, stackName: string) {
  // Loaded only here: who looks at the local stack need not wait for it.
  const { readOutputs } = await import('./stack-outputs.ts')
  const outputs = await readOutputs(place, stackName)
  if (outputs === null) {
    throw new Failure(
      `There is no stack ${stackName} in this account and region: run npm start for a local one, check --profile, --region and --stage, or deploy the stage ${stage} with npm run deploy.`,
    )
  }
  const find = (key: string) => outputs.get(key) || undefined
  const output = (key: string): string => {
    const value = find(key)
    if (value !== undefined) return value
    throw new Failure(`The stack ${stackName} has no output ${key}: deploy this version with npm run deploy.`)
  }
  return { find, output }
}
