/** Whether the verdict of a filter on one frame holds for the frames of its flow, as far as they have plain IPv4 headers. */
import type { Expression } from './ast.ts'

/** Nothing but addresses of IP, ports and protocols is asked, and no header is moved. */
export function isOfFlows(expression: Expression): boolean {
  switch (expression.type) {
    case 'and':
    case 'or': {
      let at: Expression = expression
      for (; at.type === 'and' || at.type === 'or'; at = at.left) if (!isOfFlows(at.right)) return false
      return isOfFlows(at)
    }
    case 'not':
      return isOfFlows(expression.operand)
    case 'protocol':
      return expression.protocol !== 'link'
    case 'match':
      return expression.qualifiers.protocol !== 'link' || expression.qualifiers.kind === 'proto'
    case 'broadcast':
    case 'multicast':
      return expression.protocol === 'ip' || expression.protocol === 'ip6'
    default:
      return false
  }
}
