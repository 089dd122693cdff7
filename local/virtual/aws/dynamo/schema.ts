import { invalid } from './errors.ts'
import { type Item, kindOf, type Value } from './values.ts'

type IndexSchema = { readonly index: string; readonly pk: string; readonly sk: string }

/** The keys of a table and of its indexes, all of them texts. */
export type TableSchema = {
  readonly name: string
  readonly pk: string
  readonly sk?: string
  readonly indexes?: readonly IndexSchema[]
}

/** Where an item is: by its partition, and there by its sort key, '' in a table without one. */
export type Place = { pk: string; sk: string }

const MAX_PK_BYTES = 2048
const MAX_SK_BYTES = 1024

/** The place of a key, which has exactly the attributes of one. */
export function placeOfKey(schema: TableSchema, key: Item): Place {
  const names = schema.sk === undefined ? [schema.pk] : [schema.pk, schema.sk]
  if (Object.keys(key).length !== names.length || names.some((name) => typeof key[name] !== 'string')) {
    throw invalid('The provided key element does not match the schema')
  }
  return placeOfItem(schema, key)
}

export function placeOfItem(schema: TableSchema, item: Item): Place {
  return {
    pk: keyPart(schema.pk, item, MAX_PK_BYTES),
    sk: schema.sk === undefined ? '' : keyPart(schema.sk, item, MAX_SK_BYTES),
  }
}

function keyPart(name: string, item: Item, maxBytes: number): string {
  const value = item[name]
  if (value === undefined) {
    throw invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`)
  }
  if (typeof value !== 'string') throw wrongType('key', name, value)
  if (value === '' || Buffer.byteLength(value) > maxBytes) {
    throw invalid(
      `One or more parameter values were invalid: the key ${name} is empty or longer than ${maxBytes} bytes`,
    )
  }
  return value
}

/** An index takes no item whose key has another type, and then the table does not take it either. */
export function refuseWrongIndexKeys({ indexes = [] }: TableSchema, item: Item): void {
  for (const { pk, sk } of indexes) {
    for (const name of [pk, sk]) {
      const value = item[name]
      if (value !== undefined && (typeof value !== 'string' || value === '')) throw wrongType('Index Key', name, value)
    }
  }
}

const wrongType = (what: string, name: string, value: Value) =>
  invalid(`One or more parameter values were invalid: Type mismatch for ${what} ${name} actual: ${kindOf(value)}`)
