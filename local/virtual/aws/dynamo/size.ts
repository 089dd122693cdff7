import { type Item, isList, isSet, type Value } from './values.ts'

/** The most that one item takes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_BYTES = 400 * 1024

/** No character takes more in UTF-8. */
const BYTES_A_UNIT = 3

type TextSize = (text: string) => number

/** Whether an item is larger than DynamoDB takes: names count as well as values. */
export function isTooLarge(item: Item): boolean {
  // Counting bytes is slow, and almost everything is far away from the limit.
  if (itemSize(item, (text) => text.length * BYTES_A_UNIT) <= MAX_BYTES) return false
  return itemSize(item, Buffer.byteLength) > MAX_BYTES
}

/** The size of an item as DynamoDB bills it, in bytes. */
export const billedBytes = (item: Item): number => itemSize(item, Buffer.byteLength)

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
const CONTAINER = 3
const ELEMENT = 1

function itemSize(item: Item, textSize: TextSize): number {
  let size = 0
  for (const name of Object.keys(item)) {
    const value = item[name]
    if (value !== undefined) size += textSize(name) + valueSize(value, textSize)
  }
  return size
}

function valueSize(value: Value, textSize: TextSize): number {
  if (typeof value === 'string') return textSize(value)
  if (typeof value === 'number') return numberSize(value)
  if (typeof value === 'boolean' || value === null) return 1
  let size = 0
  if (isSet(value)) {
    for (const each of value) size += valueSize(each, textSize)
    return size
  }
  if (isList(value)) {
    for (const each of value) size += ELEMENT + valueSize(each, textSize)
    return CONTAINER + size
  }
  return CONTAINER + ELEMENT * Object.keys(value).length + itemSize(value, textSize)
}

/** About a byte for two digits; how DynamoDB really packs them is not said. */
const numberSize = (value: number) => 1 + Math.ceil(String(Math.abs(value)).length / 2) + (value < 0 ? 1 : 0)
