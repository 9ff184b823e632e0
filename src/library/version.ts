/** Of package.json, which browsers cannot read; a test holds the two against each other. */
export const VERSION = '0.1.0'
