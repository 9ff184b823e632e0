/** How long each benchmark runs: short, for the difference of two is what they are for. */
export const SHORT = { time: 400, warmupTime: 100 } as const
