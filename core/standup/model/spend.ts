import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { Clock } from '../../platform/clock.ts'
import { PK, STATE_TTL } from '../../platform/tables.ts'
import { updateIf } from '../../platform/update-if.ts'
import { versioned } from '../../platform/versioned.ts'
import { NO_MODEL, type NoModel } from '../statement.ts'

/** Money in millionths of a US$, whole: sums of fractions would drift, and a table adds only exactly what it is told. */
export type Micros = number

export const microsOf = (usd: number): Micros => Math.round(usd * 1e6)
export const usdOf = (micros: Micros): number => micros / 1e6

/** What was set aside for one try. Its day is that on which it was, whenever it is settled. */
export type Reservation = { month: string; day: string; micros: Micros }

/** `never`: the try may cost more than the whole cap, so there is room for it at no time. */
type Reserved =
  | { kind: 'reserved'; reservation: Reservation }
  | { kind: 'refused'; cap: 'day' | 'month'; never: boolean }

/** What the models of a stage have cost, by days and months in UTC, and how they do. */
export type Spent = {
  todayUsd: number
  monthUsd: number
  failuresInARow: number
  /** When the last question failed (ms since 1970) and why; null where none did. */
  lastFailure: { at: number; why: NoModel } | null
}

/** The spending of a stage's models under its caps, shared by all who ask. */
export type Spending = {
  /** Sets aside what a try may cost at the most, unless a cap has no room for it. */
  reserve(micros: Micros): Promise<Reserved>
  /** Sets right what was reserved by what was really used, which is no more. */
  settle(reservation: Reservation, micros: Micros): Promise<void>
  look(): Promise<Spent>
  /** A question was answered; there is no failure in a row. */
  answered(): Promise<void>
  /** A question failed. @returns how many in a row have */
  failed(why: NoModel): Promise<number>
}

export type Caps = { dayUsd: number; monthUsd: number }
export type SpendingServices = { dynamo: DynamoDBDocumentClient; table: string; clock: Clock }

/** One item a month with a counter for each day: so both caps are one condition, and no item grows. */
const spendKey = (month: string) => ({ [PK]: `spend#${month}` })
const modelKey = { [PK]: 'model' }
const dayAttribute = (day: string) => `day${day.slice(-2)}`
const KEPT_DAYS = 400
const forgetAfter = (day: string) => Math.floor(Date.parse(day) / 1000) + KEPT_DAYS * 86_400

const spentItem = versioned(z.looseObject({ total: z.number() }))
const modelItem = versioned(
  z.looseObject({
    failuresInARow: z.number(),
    lastFailure: z.object({ at: z.number(), why: z.enum(NO_MODEL) }).nullable(),
  }),
)

export function createSpending({ dynamo, table, clock }: SpendingServices, caps: Caps): Spending {
  const capOf = { day: microsOf(caps.dayUsd), month: microsOf(caps.monthUsd) }
  const today = () => {
    const day = new Date(clock.now()).toISOString().slice(0, 10)
    return { day, month: day.slice(0, 7) }
  }

  async function spent({ day, month }: { day: string; month: string }): Promise<{ day: Micros; month: Micros }> {
    const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: spendKey(month), ConsistentRead: true }))
    if (Item === undefined) return { day: 0, month: 0 }
    const item = spentItem.parse(Item)
    return { day: z.number().default(0).parse(item[dayAttribute(day)]), month: item.total }
  }

  return {
    async reserve(micros) {
      const { day, month } = today()
      // A condition on an attribute that is not there yet says nothing of the cap itself.
      const tooMuch = micros > capOf.day ? 'day' : micros > capOf.month ? 'month' : null
      if (tooMuch !== null) return { kind: 'refused', cap: tooMuch, never: true }
      const isReserved = await updateIf(
        dynamo,
        { table, key: spendKey(month) },
        {
          set: { schemaVersion: 1, [STATE_TTL]: forgetAfter(day) },
          add: '#total :micros, #day :micros',
          condition:
            '(attribute_not_exists(#total) OR #total <= :monthRoom) AND (attribute_not_exists(#day) OR #day <= :dayRoom)',
          names: { '#total': 'total', '#day': dayAttribute(day) },
          values: { ':micros': micros, ':monthRoom': capOf.month - micros, ':dayRoom': capOf.day - micros },
        },
      )
      if (isReserved) return { kind: 'reserved', reservation: { day, month, micros } }
      const { day: ofDay } = await spent({ day, month })
      return { kind: 'refused', cap: ofDay + micros > capOf.day ? 'day' : 'month', never: false }
    },

    // Not made to happen: whoever crashes between the two leaves the reservation standing, because nobody knows then whether the
    // provider was asked, and what is counted too much ends with the day.
    async settle({ day, month, micros: reserved }, micros) {
      if (micros === reserved) return
      await updateIf(
        dynamo,
        { table, key: spendKey(month) },
        {
          add: '#total :less, #day :less',
          names: { '#total': 'total', '#day': dayAttribute(day) },
          values: { ':less': micros - reserved },
        },
      )
    },

    async look() {
      const [{ day, month }, { Item }] = await Promise.all([
        spent(today()),
        dynamo.send(new GetCommand({ TableName: table, Key: modelKey, ConsistentRead: true })),
      ])
      const model = Item === undefined ? { failuresInARow: 0, lastFailure: null } : modelItem.parse(Item)
      const { failuresInARow, lastFailure } = model
      return { todayUsd: usdOf(day), monthUsd: usdOf(month), failuresInARow, lastFailure }
    },

    async answered() {
      await updateIf(
        dynamo,
        { table, key: modelKey },
        {
          set: { schemaVersion: 1, failuresInARow: 0 },
          assign: ['#lastFailure = if_not_exists(#lastFailure, :none)'],
          names: { '#lastFailure': 'lastFailure' },
          values: { ':none': null },
        },
      )
    },

    async failed(why) {
      const { Attributes } = await dynamo.send(
        new UpdateCommand({
          TableName: table,
          Key: modelKey,
          UpdateExpression: 'SET #schemaVersion = :one, #lastFailure = :last ADD #failures :one',
          ExpressionAttributeNames: {
            '#schemaVersion': 'schemaVersion',
            '#lastFailure': 'lastFailure',
            '#failures': 'failuresInARow',
          },
          ExpressionAttributeValues: { ':one': 1, ':last': { at: clock.now(), why } },
          ReturnValues: 'ALL_NEW',
        }),
      )
      return modelItem.parse(Attributes).failuresInARow
    },
  }
}
