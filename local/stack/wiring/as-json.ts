/** What a target gets of a text: the JSON it is, or the text itself, because an input transformer may make plain lines. */
export function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
