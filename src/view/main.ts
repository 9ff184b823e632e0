/** The page of a report: the data that lies in it, drawn. */
import type { ReportData } from '../report/report-data.ts'
import { loadReport } from '../report/select-time.ts'
import { createReportView } from './report-view.ts'

const text = document.getElementById('netkit-data')!.textContent
const view = createReportView(loadReport(JSON.parse(text) as ReportData))
document.getElementById('report')!.append(view.element)
view.start()
