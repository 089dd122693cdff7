import type { Home } from './call.ts'

/** The ARNs of everything that the stack holds. */
export function arnsOf({ region, account }: Home) {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`
  return {
    queue: (name: string) => arn('sqs', name),
    /** A table's name may be given as its ARN already. */
    table: (name: string) => (name.startsWith('arn:') ? name : arn('dynamodb', `table/${name}`)),
    secret: (nameWithSuffix: string) => arn('secretsmanager', `secret:${nameWithSuffix}`),
    /** A bus's name may be given as its ARN already. */
    bus: (name: string) => (name.startsWith('arn:') ? name : arn('events', `event-bus/${name}`)),
    /** Actions on a group are judged by its streams, so that policies name it with `:*` at the end. */
    logGroup: (name: string) => arn('logs', `log-group:${name}:log-stream:`),
    alarm: (name: string) => arn('cloudwatch', `alarm:${name}`),
    rule: (bus: string, name: string) => arn('events', bus === 'default' ? `rule/${name}` : `rule/${bus}/${name}`),
  }
}
export type Arns = ReturnType<typeof arnsOf>

/** The last part of a queue's URL or ARN, of a bus's ARN or of a table's: its name. */
export const nameOf = (urlOrArn: string) =>
  urlOrArn.slice(Math.max(urlOrArn.lastIndexOf('/'), urlOrArn.lastIndexOf(':')) + 1)
