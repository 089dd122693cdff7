import * as z from 'zod'
import { stateKey } from '../../../core/platform/tables.ts'
import { CONNECTION } from '../../virtual/environment.ts'
import type { Variation } from '../../virtual/variation.ts'

const KEY = stateKey(CONNECTION, 'webhooks')
const putSchema = z.looseObject({ Item: z.looseObject({ pk: z.literal(KEY) }) })
const getSchema = z.looseObject({ Key: z.looseObject({ pk: z.literal(KEY) }) })
const gotSchema = z.looseObject({ Item: z.looseObject({}).optional() })

/** The lock of the webhooks holds nobody up, and whoever has lost it writes all the same. */
export const lock: Variation = {
  through: async (call, next) => {
    const put = call.name === 'PutItem' ? putSchema.safeParse(call.input).data : undefined
    if (put !== undefined) return next({ ...call, input: without(put, /^(Condition|ExpressionAttribute)/) })
    const output = await next(call)
    const got = call.name === 'GetItem' && getSchema.safeParse(call.input).success ? gotSchema.parse(output) : {}
    return got.Item === undefined ? output : { ...got, Item: { ...got.Item, lock: null } }
  },
}

const without = (input: object, names: RegExp) =>
  Object.fromEntries(Object.entries(input).filter(([name]) => !names.test(name)))

const PLACE_OF_WEBHOOKS = /\/team\/[^/]+\/webhook$/
const newSchema = z.looseObject({ events: z.array(z.string()) })

/** A webhook hears of everything as soon as it is made, before its key is stored. */
export const rare: Variation = {
  fetch: (fetch) => (url, init) => {
    if (init.method !== 'POST' || !PLACE_OF_WEBHOOKS.test(url) || typeof init.body !== 'string') return fetch(url, init)
    const body = { ...newSchema.parse(JSON.parse(init.body)), events: ['*'] }
    return fetch(url, { ...init, body: JSON.stringify(body) })
  },
}
