/** The page: nothing open, then a capture, and what is asked of it. The worker has the files; here is what is seen. */
import { formatBytes } from '../../src/loggers/units.ts'
import { loadReport } from '../../src/report/select-time.ts'
import { el, saveFile } from '../../src/view/dom.ts'
import { createReportView, type ReportView } from '../../src/view/report-view.ts'
import { durationWords } from '../../src/view/words.ts'
import type { Choices, ReadFacts, SavedFormat } from '../protocol.ts'
import { listenForDrops } from './choose-files.ts'
import { createReading, REASONS } from './reading.ts'
import { createToolbar, FIRST_CHOICES, type Toolbar } from './toolbar.ts'
import { createWelcome, type Welcome } from './welcome.ts'
import { Cancelled, Crashed, Failed, type Report, WorkerClient } from './worker-client.ts'

const NOTE =
  'The capture was read by this browser and stayed on this machine. Times are UTC. Bytes are those on the wire, whatever the capture cut; k, M and G are powers of 1000.'

interface Opened {
  readonly view: ReportView
  readonly toolbar: Toolbar
  choices: Choices
}

const app = document.getElementById('app')!
const client = new WorkerClient((error) => close(error.message))
const reading = createReading(() => client.cancel())
let welcome: Welcome | null = null
let opened: Opened | null = null
let working: Promise<void> = Promise.resolve()

document.body.append(
  reading.element,
  el('div', { class: 'drop-veil', 'aria-hidden': 'true' }, el('p', {}, 'Drop to open')),
)
listenForDrops((files) => void open(files))
close(null)

/** Nothing is open. */
function close(message: string | null): void {
  opened?.view.destroy()
  opened = null
  document.title = 'netkit'
  if (welcome === null) {
    welcome = createWelcome((files) => void open(files))
    app.replaceChildren(welcome.element)
  }
  welcome.say(message)
}

async function open(files: readonly File[]): Promise<void> {
  // Whoever opens another does not wait for the one before.
  client.cancel()
  await busily(`Reading ${namesOf(files)}`, async () => {
    welcome?.say(null)
    const choices = {
      ...FIRST_CHOICES,
      ...(opened !== null && { names: opened.choices.names, units: opened.choices.units }),
    }
    try {
      show(await client.open(files, choices, reading.show), choices)
    } catch (error) {
      // What was open before stays.
      if (!(error instanceof Cancelled) && !(error instanceof Crashed) && opened !== null) {
        opened.toolbar.setSentences([(error as Error).message])
      } else if (error instanceof Cancelled) welcome?.say(null)
      else close((error as Error).message)
    }
  })
}

function show({ data, read, sentences }: Report, choices: Choices): void {
  const report = loadReport(data)
  if (opened === null) {
    welcome?.destroy()
    welcome = null
    const toolbar = createToolbar(choices, {
      onChoice: (next) => void choose(next),
      onSave: (format) => void save(format),
      onFiles: (files) => void open(files),
    })
    const view = createReportView(report, { toolbar: toolbar.element, brand: 'netkit', note: NOTE })
    opened = { view, toolbar, choices }
    app.replaceChildren(view.element)
    view.start()
    scrollTo(0, 0)
  } else {
    opened.choices = choices
    opened.toolbar.reset(choices)
    opened.view.update(report)
  }
  const { toolbar } = opened
  toolbar.setError(null)
  toolbar.setSentences(sentences)
  toolbar.setStatus([readWords(read), ...curveWords(choices, data.time?.step_ns)].join('. '))
  document.title = `${namesOf(data.capture.files as readonly string[])} - netkit`
}

async function choose(choices: Choices): Promise<void> {
  await busily('Reading again', async () => {
    if (opened === null) return
    const { toolbar, choices: before } = opened
    try {
      show(await client.choose(choices, reading.show), choices)
    } catch (error) {
      if (error instanceof Crashed) return close(error.message)
      if (error instanceof Failed) {
        // What was typed stays, to be mended; what is seen is of the choices before.
        toolbar.setError(error)
        toolbar.keep(before)
      } else {
        toolbar.reset(before)
        toolbar.setStatus('Cancelled: this is what was shown before')
      }
    }
  })
}

async function save(format: SavedFormat): Promise<void> {
  await busily('Reading again', async () => {
    if (opened === null) return
    const { toolbar, choices } = opened
    try {
      const { name, blob, read } = await client.save(format, choices, reading.show)
      saveFile(name, blob.type, blob)
      toolbar.setStatus(`Saved ${name}. ${readWords(read)}`)
    } catch (error) {
      if (error instanceof Crashed) return close(error.message)
      toolbar.setStatus(error instanceof Cancelled ? 'Cancelled: nothing was saved' : (error as Error).message)
    }
  })
}

/** One thing after the other, in the order that they were asked for. */
function busily(what: string, work: () => Promise<void>): Promise<void> {
  working = working.then(async () => {
    reading.begin(what)
    opened?.toolbar.setBusy(true)
    document.body.classList.add('busy')
    try {
      await work()
    } catch (error) {
      // Of this page itself: what is asked next is answered all the same.
      close(error instanceof Error ? error.message : String(error))
    } finally {
      reading.end()
      opened?.toolbar.setBusy(false)
      document.body.classList.remove('busy')
    }
  })
  return working
}

/** What an answer cost. */
function readWords({ bytes, milliseconds, reason }: ReadFacts): string {
  if (bytes === 0) return 'Answered from memory: nothing was read again'
  const seconds = milliseconds / 1000
  const speed = `${formatBytes(bytes, 'auto')} in ${seconds.toFixed(seconds < 10 ? 2 : 1)} s`
  return reason === null ? `Read ${speed}` : `Read again, ${speed}: ${REASONS[reason]}`
}

/** Windows may be too many for a curve, or other than what was kept. */
function curveWords({ windowNs }: Choices, stepNs: string | undefined): string[] {
  if (windowNs === null || stepNs === undefined || stepNs === String(windowNs)) return []
  return [
    `Windows of ${durationWords(windowNs)} are in saved CSV and JSON; curves keep ${durationWords(BigInt(stepNs))}`,
  ]
}

function namesOf(files: readonly (File | string)[]): string {
  const [first, ...others] = files.map((file) => (typeof file === 'string' ? file : file.name))
  return others.length === 0 ? (first ?? 'capture') : `${first} and ${others.length} more`
}
