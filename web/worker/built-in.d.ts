/** Files that scripts/build-web.js puts into the code, so that nothing has to be asked for. */
declare module 'netkit:wasm' {
  /** build/netkit.wasm in base64. */
  const base64: string

  export { base64 as contents }
}
declare module 'netkit:services' {
  /** build/services.txt. */
  const text: string

  export { text as contents }
}
declare module 'netkit:report-page' {
  /** build/report.html. */
  const html: string

  export { html as contents }
}
declare module 'netkit:version' {
  /** Of package.json. */
  const version: string

  export { version as contents }
}
