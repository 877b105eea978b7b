/** The three calls as a definition. */
export const threeCallsDefinition = `
document: { dsl: '1.0.3', namespace: bench, name: three-calls, version: '1.0.0' }
do:
  - reserve:
      call: http
      with: { method: post, endpoint: '\${ .partner + "/reserve" }', body: { order: '\${ .order }' } }
      output: { as: '\${ $input + { reserve: .done } }' }
  - charge:
      call: http
      with: { method: post, endpoint: '\${ .partner + "/charge" }', body: { order: '\${ .order }' } }
      output: { as: '\${ $input + { charge: .done } }' }
  - ship:
      call: http
      with: { method: post, endpoint: '\${ .partner + "/ship" }', body: { order: '\${ .order }' } }
      output: { as: '\${ $input + { ship: .done } | del(.partner) }' }
`;
