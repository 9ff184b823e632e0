// Loaded before the command (node --import): SIGUSR2 throws where nobody catches it.
process.on('SIGUSR2', () => {
  throw new Error('a crash on purpose')
})
