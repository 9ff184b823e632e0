/** The page of `netkit live --web`: what the server tells, second by second, as the report of the last minutes. */
import { LiveHistory } from '../../report/live-history.ts'
import type { LiveLost, LiveStart, LiveState, LiveUpdate } from '../../report/live-messages.ts'
import { createReportView, type ReportView } from '../report-view.ts'
import { createLiveBar } from './live-bar.ts'

const NOTE =
  'netkit on the machine that captures feeds this page while it runs; nothing else does, and the page asks nobody else. It shows the last 10 minutes, by the second: rows with most traffic by themselves, all others as one. A row that had little for a while may have a part of it among the others. Times are UTC. Bytes are those on the wire; k, M and G are powers of 1000.'

let history: LiveHistory | null = null
let view: ReportView | null = null
let isDue = false
let restUntil = 0
const bar = createLiveBar(() => draw())
const place = document.getElementById('report')!
place.append(bar.element)

/** Below the page, so that it follows its address; EventSource comes back by itself when the connection breaks. */
const source = new EventSource('events')

function on<T>(event: string, take: (message: T) => void): void {
  source.addEventListener(event, ({ data }: MessageEvent<string>) => {
    take(JSON.parse(data) as T)
    drawSoon()
  })
}

on<LiveStart>('start', (start) => {
  // After a broken connection all that there is comes again.
  history = new LiveHistory(start)
  document.title = `${start.title} · netkit live`
  bar.connected(start)
})
on<LiveUpdate>('update', (update) => history?.add(update))
on<LiveLost>('lost', ({ updates }) => history?.miss(updates))
on<LiveState>('end', (state) => {
  source.close()
  history?.end(state)
})
source.addEventListener('error', () => bar.disconnected(source.readyState === EventSource.CLOSED))

/** Where pictures take long, there are fewer of them: the rest of the time is for whoever uses the page. */
const SHARE_OF_TIME = 0.25
/** A page that was out of sight for a while has not been drawing since. */
const MOST_REST_MS = 5000

/** Once for all that comes at a time; and not at all while nobody looks: then there is no frame to draw in. */
function drawSoon(): void {
  if (isDue) return
  isDue = true
  setTimeout(
    () =>
      requestAnimationFrame((beganMs) => {
        isDue = false
        draw()
        // With the layout that it causes.
        requestAnimationFrame((nextMs) => {
          restUntil = nextMs + Math.min(MOST_REST_MS, (nextMs - beganMs) * (1 / SHARE_OF_TIME - 1))
        })
      }),
    Math.max(0, restUntil - performance.now()),
  )
}

function draw(): void {
  if (history === null) return
  bar.show(history)
  if (bar.isPaused && view !== null) return
  const report = history.report()
  if (view === null) {
    // Tables of nothing are no picture of a network.
    if (report.data.first_ns === null) return
    view = createReportView(report, {
      toolbar: bar.element,
      brand: 'netkit live',
      title: history.start.title,
      note: NOTE,
      live: true,
      whole: 'Last 10 minutes',
    })
    place.replaceChildren(view.element)
    view.start()
  } else view.update(report)
}
