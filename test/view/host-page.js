/** A page that has a report, as others of the project do: the test tells it what to show. */
import { loadReport } from '../../src/report/select-time.ts'
import { createReportView } from '../../src/view/report-view.ts'

let view = null

globalThis.host = {
  start(data, options = {}) {
    const toolbar = document.createElement('div')
    toolbar.className = 'toolbar'
    toolbar.textContent = 'tools of the host'
    view = createReportView(loadReport(data), { ...options, toolbar })
    document.body.append(view.element)
    view.start()
  },
  update: (data) => view.update(loadReport(data)),
  destroy() {
    view.destroy()
    view = null
  },
}
