/** The answers that were asked for of late, so that one address is encrypted once: two maps, of which the older is forgotten when the younger is full. */
export class Recent<V> {
  readonly #most: number
  #young = new Map<string, V>()
  #old = new Map<string, V>()

  /** Up to twice as many are held. */
  constructor(most: number) {
    this.#most = most
  }

  get(key: string, make: () => V): V {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const value = this.#old.get(key) ?? make()
    if (this.#young.size >= this.#most) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
    return value
  }
}
