/** `perdure/testing`: run your own workflows in your own tests. See docs/testing.md. */
export { startPartner } from './partner.ts';
export type { Partner, PartnerReply, PartnerRequest, PartnerRoute } from './partner.ts';
export { replayHistory } from './replay.ts';
export type { RecordedHistory } from './replay.ts';
export { startTestService } from './test-service.ts';
export type { TestService, TestServiceOptions } from './test-service.ts';
