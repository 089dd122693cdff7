import type { Random } from '../../clickup/random.ts'
import type { VirtualTime } from '../time.ts'

/** Where the clients think that they are. */
export const REGION = 'eu-central-1'

/** A call as a client makes it, before anything of it is serialised. */
export type Call = { readonly service: string; readonly name: string; readonly input: unknown }

/** Answers a call, or throws what the service would refuse it with. */
type Answer = (call: Call) => object | Promise<object>

/** Stands between a client and its service. */
export type Through = (call: Call, next: Answer) => object | Promise<object>

/** Who calls, and when. */
export type Caller = {
  time: Pick<VirtualTime, 'sleep'>
  /** Decides how long calls take. */
  random: Random
  through?: Through | undefined
}

/** What one operation of a service does with its input. */
export type Operation = (input: unknown) => object
export type Operations = ReadonlyMap<string, Operation>

/** What a call takes, from and to milliseconds. */
export type Latency = readonly [from: number, to: number]

/** What every client of the SDK has, as far as it is used here. */
type Stacked = {
  middlewareStack: {
    add(
      middleware: (
        next: unknown,
        context: { clientName?: string; commandName?: string },
      ) => (args: { input: unknown }) => Promise<{ output: { $metadata: object }; response: object }>,
      options: { step: 'initialize'; priority: 'high'; name: string },
    ): void
  }
}

/**
 * Has a client of the SDK answered by functions: its calls end before the first step of its own, so whoever uses the client
 * does so as ever and nothing is ever sent. What happens, happens when the call's time has passed.
 */
export function inProcess<Client extends Stacked>(
  client: Client,
  { time, random, through }: Caller,
  [from, to]: Latency,
  operations: Operations,
): Client {
  const answer: Answer = async ({ service, name, input }) => {
    const operation = operations.get(name)
    if (operation === undefined) throw new Error(`${service}'s ${name} is not simulated`)
    await time.sleep(random.int(from, to))
    return operation(input)
  }
  client.middlewareStack.add(
    (_next, { clientName = '', commandName = '' }) =>
      async ({ input }) => {
        const call = { service: clientName.replace(/Client$/, ''), name: commandName.replace(/Command$/, ''), input }
        const output = await (through === undefined ? answer(call) : through(call, answer))
        return { output: { $metadata: {}, ...output }, response: {} }
      },
    { step: 'initialize', priority: 'high', name: 'inProcess' },
  )
  return client
}
