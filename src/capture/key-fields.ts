export * from '../abi/key-fields.ts'
