export { AuditPage as Component } from './AuditPage.tsx'
